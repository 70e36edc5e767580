//! After any inputs in any order, each tab shows what was written.

use proptest::prelude::*;

use super::{
    log::Log,
    tab::TabState,
    world::{Network, STREAMS, World},
};
use crate::follow::Input;

/// A step of a random sequence. Indexes of tabs and generations are taken modulo how many there are.
#[derive(Clone, Debug)]
enum Step {
    PassTime(u64),
    Write {
        generation: usize,
        pieces: usize,
    },
    Checkpoint(usize),
    Open {
        generation: usize,
        is_hidden: bool,
    },
    Close(usize),
    Crash(usize),
    PutAside(usize),
    Freeze(usize),
    Wake(usize),
    Hide(usize),
    Show(usize),
    Online,
    Offline,
    SetNetwork(Network),
    BreakStreams,
    SilenceStreams,
    RefuseStreams(bool),
    RefuseSnapshots(bool),
    MoveWallClock(i64),
    /// An event comes once more.
    Repeat(usize),
    /// An event does not come.
    Lose(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let network = prop::sample::select(vec![Network::Works, Network::Cut, Network::Dead]);
    prop_oneof![
        6 => (0..200_u64).prop_map(Step::PassTime),
        2 => (0..30_000_u64).prop_map(Step::PassTime),
        8 => (0..8_usize, 1..20_usize)
            .prop_map(|(generation, pieces)| Step::Write { generation, pieces }),
        1 => (0..8_usize).prop_map(Step::Checkpoint),
        4 => (0..8_usize, any::<bool>())
            .prop_map(|(generation, is_hidden)| Step::Open { generation, is_hidden }),
        1 => (0..8_usize).prop_map(Step::Close),
        1 => (0..8_usize).prop_map(Step::Crash),
        1 => (0..8_usize).prop_map(Step::PutAside),
        1 => (0..8_usize).prop_map(Step::Freeze),
        2 => (0..8_usize).prop_map(Step::Wake),
        1 => (0..8_usize).prop_map(Step::Hide),
        1 => (0..8_usize).prop_map(Step::Show),
        1 => Just(Step::Online),
        1 => Just(Step::Offline),
        2 => network.prop_map(Step::SetNetwork),
        1 => Just(Step::BreakStreams),
        1 => Just(Step::SilenceStreams),
        1 => any::<bool>().prop_map(Step::RefuseStreams),
        1 => any::<bool>().prop_map(Step::RefuseSnapshots),
        1 => (-100_000..100_000_i64).prop_map(Step::MoveWallClock),
        1 => (0..8_usize).prop_map(Step::Repeat),
    ]
}

fn take(world: &mut World, step: &Step) {
    let generations = world.logs.len();
    let tab = |tab: &usize| tab % world.tabs.len().max(1);
    let each = |world: &mut World, input: fn() -> Input| {
        (0..world.tabs.len()).for_each(|tab| world.feed(tab, input()));
    };
    match step {
        Step::PassTime(ms) => world.run(*ms),
        Step::Write { generation, pieces } => {
            let from = world.logs[generation % generations].snapshot.cursor;
            world.change(generation % generations, |log| {
                (0..*pieces).for_each(|piece| log.write(&format!(" {from}.{piece}")));
            });
        }
        Step::Checkpoint(generation) => world.change(generation % generations, |log| {
            log.write(" ");
            log.checkpoint();
        }),
        Step::Open { generation, is_hidden } => {
            world.open(generation % generations, *is_hidden);
        }
        Step::Online => each(world, || Input::Online),
        Step::Offline => each(world, || Input::Offline),
        Step::SetNetwork(network) => world.set_network(*network),
        Step::BreakStreams => world.break_streams(),
        Step::SilenceStreams => world.silence_streams(),
        Step::RefuseStreams(refuses) => world.gives_streams = !refuses,
        Step::RefuseSnapshots(refuses) => world.gives_snapshots = !refuses,
        Step::MoveWallClock(by_ms) => world.move_wall_clock(*by_ms),
        _ if world.tabs.is_empty() => {}
        Step::Close(at) => world.close(tab(at)),
        Step::Crash(at) => world.crash(tab(at)),
        Step::PutAside(at) if world.tabs[tab(at)].state == TabState::Runs => {
            world.put_aside(tab(at));
        }
        Step::Freeze(at) if world.tabs[tab(at)].state == TabState::Runs => world.freeze(tab(at)),
        Step::Wake(at) if world.tabs[tab(at)].state != TabState::Closed => world.wake(tab(at)),
        Step::PutAside(_) | Step::Freeze(_) | Step::Wake(_) => {}
        Step::Hide(at) => world.feed(tab(at), Input::Hidden),
        Step::Show(at) => world.feed(tab(at), Input::Shown),
        Step::Lose(at) => {
            let at = tab(at);
            world.tabs[at].losses += 1;
        }
        Step::Repeat(at) => {
            let at = tab(at);
            let log = &world.logs[world.tabs[at].generation];
            let seen = world.tabs[at].machine.snapshot().cursor;
            let event = log.after(0, || false).into_iter().rfind(|event| event.id <= seen);
            if let Some(event) = event {
                world.feed(at, Input::StreamEvent(event));
            }
        }
    }
}

/// At most one stream a generation is open, and at most four in all.
fn assert_few_streams(world: &World) {
    assert!(world.streams() <= STREAMS);
    for generation in 0..world.logs.len() {
        let has = |tab: &&super::tab::Tab| tab.generation == generation && tab.stream.is_some();
        assert!(world.tabs.iter().filter(has).count() <= 1, "streams of {generation}");
    }
}

/// All is well again, and what is written comes to its end.
fn assert_comes_to_its_end(world: &mut World) {
    world.set_network(Network::Works);
    (world.gives_streams, world.gives_snapshots) = (true, true);
    for tab in 0..world.tabs.len() {
        world.tabs[tab].losses = 0;
        if world.tabs[tab].state != TabState::Closed {
            world.wake(tab);
        }
    }
    world.run(30_000);
    for generation in 0..world.logs.len() {
        world.write(generation, " the end");
        world.run(3);
        world.change(generation, Log::complete);
    }
    world.run(60_000);
    world.assert_whole();
    assert_eq!(world.streams(), 0);
    assert!(world.tabs.iter().all(|tab| tab.locks == [None; 2]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn tabs_that_share_show_what_was_written(
        generations in 1..7_usize,
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut world = World::new(generations);
        for step in &steps {
            take(&mut world, step);
            assert_few_streams(&world);
        }
        assert_comes_to_its_end(&mut world);
        assert!(world.tabs.iter().all(|tab| !tab.view.was_rewritten));
    }

    #[test]
    fn so_do_tabs_that_cannot_share(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut world = World::new(2);
        world.has_locks = false;
        for step in &steps {
            take(&mut world, step);
        }
        assert_comes_to_its_end(&mut world);
        assert!(world.tabs.iter().all(|tab| !tab.view.was_rewritten));
    }

    #[test]
    fn so_do_tabs_that_lost_something_on_the_way(
        steps in prop::collection::vec(
            prop_oneof![8 => step(), 1 => (0..8_usize).prop_map(Step::Lose)],
            1..60,
        ),
    ) {
        let mut world = World::new(2);
        for step in &steps {
            take(&mut world, step);
            assert_few_streams(&world);
        }
        assert_comes_to_its_end(&mut world);
    }
}
