//! Whatever happens in whatever order, the tabs agree with the server in the end.

use proptest::prelude::*;

use super::{
    server::{ID, OTHER, Server},
    world::World,
};
use crate::chat::Input;

#[derive(Clone, Debug)]
enum Step {
    Open,
    Leave(usize),
    Join(usize),
    Ask,
    AskElsewhere,
    Write(usize),
    Complete,
    Cut,
    Mend,
    FreezeStream,
    Freeze(usize),
    Thaw(usize),
    Offline(usize),
    Online(usize),
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let tab = 0_usize..4;
    prop_oneof![
        2 => Just(Step::Open),
        2 => tab.clone().prop_map(Step::Leave),
        2 => tab.clone().prop_map(Step::Join),
        3 => Just(Step::Ask),
        1 => Just(Step::AskElsewhere),
        8 => (1_usize..9).prop_map(Step::Write),
        3 => Just(Step::Complete),
        1 => Just(Step::Cut),
        2 => Just(Step::Mend),
        1 => Just(Step::FreezeStream),
        1 => tab.clone().prop_map(Step::Freeze),
        2 => tab.clone().prop_map(Step::Thaw),
        1 => tab.clone().prop_map(Step::Offline),
        1 => tab.prop_map(Step::Online),
        8 => (0_u64..90).prop_map(Step::Pass),
        1 => (1_000_u64..25_000).prop_map(Step::Pass),
    ]
}

fn run(steps: &[Step]) {
    let mut world = World::new(Server::default());
    world.server.ask(ID, "m", "r");
    let mut tabs = vec![world.open_tab()];
    let mut count = 0;
    for step in steps {
        let tab = |tabs: &[usize], wanted: usize| tabs[wanted % tabs.len()];
        count += 1;
        match *step {
            Step::Open if tabs.len() < 4 => tabs.push(world.open_tab()),
            Step::Open => {}
            Step::Leave(wanted) => world.feed(tab(&tabs, wanted), Input::Leave),
            Step::Join(wanted) => world.feed(tab(&tabs, wanted), Input::Join),
            Step::Ask if world.server.is_running() => {}
            Step::Ask => world.server.ask(ID, &format!("m{count}"), &format!("r{count}")),
            Step::AskElsewhere if world.server.snapshot(OTHER).running().is_some() => {}
            Step::AskElsewhere => {
                world.server.ask(OTHER, &format!("o{count}"), &format!("p{count}"));
            }
            Step::Write(_) if !world.server.is_running() => {}
            Step::Write(length) => world.server.write(ID, &"abcdefghi"[..length]),
            Step::Complete if !world.server.is_running() => {}
            Step::Complete => world.server.complete(ID),
            Step::Cut => world.cut(),
            Step::Mend => world.mend(),
            Step::FreezeStream => world.freeze_stream(),
            Step::Freeze(wanted) => world.freeze(tab(&tabs, wanted)),
            Step::Thaw(wanted) => world.thaw(tab(&tabs, wanted)),
            Step::Offline(wanted) => world.feed(tab(&tabs, wanted), Input::Offline),
            Step::Online(wanted) => world.feed(tab(&tabs, wanted), Input::Online),
            Step::Pass(ms) => world.pass(ms),
        }
    }
    world.mend();
    for tab in tabs {
        world.thaw(tab);
        world.feed(tab, Input::Join);
    }
    world.pass(30_000);
    // A stream that has frozen while nothing ran is found out by the next turn.
    if !world.server.is_running() {
        world.server.ask(ID, "last", "reply");
    }
    world.server.write(ID, "end");
    world.pass(60_000);
    world.server.complete(ID);
    world.pass(60_000);
    if !world.is_frozen() {
        world.expect_agreement();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn tabs_agree_with_the_server_in_the_end(steps in prop::collection::vec(step(), 1..60)) {
        run(&steps);
    }
}
