//! What one tab makes of its stream.

use super::{
    server::{ID, OTHER, Server},
    world::World,
};
use crate::chat::{Change, Input, Sent};
use protocol::conversation::Turn;

fn asked() -> Server {
    let mut server = Server::default();
    server.ask(ID, "m1", "r1");
    server
}

fn answered() -> Server {
    let mut server = asked();
    server.write(ID, "One.");
    server.complete(ID);
    server
}

#[test]
fn a_stream_goes_on_from_what_was_loaded() {
    let mut world = World::new(answered());
    let cursor = world.server.len().to_string();
    let tab = world.open_tab();
    world.pass(100);
    assert_eq!(world.opened, [Some(cursor)]);
    assert_eq!(world.fetches, 0);
    world.server.ask(ID, "m2", "r2");
    for piece in ["Tw", "o."] {
        world.server.write(ID, piece);
    }
    world.pass(100);
    assert_eq!(world.text(tab), "Two.");
    world.server.complete(ID);
    world.pass(100);
    world.expect_agreement();
}

#[test]
fn a_reply_that_runs_comes_from_its_beginning_and_once() {
    let mut world = World::new(asked());
    world.server.write(ID, "On");
    let tab = world.open_tab();
    world.server.write(ID, "e, ");
    world.pass(30);
    world.server.write(ID, "two");
    world.pass(200);
    assert_eq!(world.opened, [None]);
    assert_eq!(world.text(tab), "One, two");
    world.server.complete(ID);
    world.pass(100);
    world.expect_agreement();
}

#[test]
fn what_ends_while_the_page_loads_is_not_missed() {
    let mut world = World::new(asked());
    world.server.write(ID, "One.");
    world.open_tab();
    world.server.complete(ID);
    world.server.ask(ID, "m2", "r2");
    world.pass(200);
    world.expect_agreement();
}

#[test]
fn a_lost_connection_is_resumed_behind_the_last_event() {
    let mut world = World::new(asked());
    let tab = world.open_tab();
    world.server.write(ID, "One");
    world.pass(200);
    world.cut();
    world.pass(2_000);
    world.server.write(ID, ", two");
    let is_outage = |change: &Change| matches!(change, Change::Outage(Some(_)));
    assert!(world.shown(tab).iter().any(is_outage));
    world.mend();
    world.pass(12_000);
    assert_eq!(
        world.shown(tab).iter().rev().find(|it| matches!(it, Change::Outage(_))),
        Some(&Change::Outage(None))
    );
    assert!(world.opened.last().is_some_and(Option::is_some), "{:?}", world.opened);
    assert_eq!(world.text(tab), "One, two");
    world.expect_agreement();
}

#[test]
fn an_id_that_the_server_refuses_is_not_sent_again() {
    let mut world = World::new(answered());
    let tab = world.open_tab();
    world.pass(100);
    world.feed(tab, Input::StreamFailed { refused: true });
    world.server.ask(ID, "m2", "r2");
    world.pass(12_000);
    assert_eq!(world.opened.last(), Some(&None));
    world.expect_agreement();
}

#[test]
fn a_stream_that_is_silent_while_a_reply_runs_is_opened_anew() {
    let mut world = World::new(asked());
    world.open_tab();
    world.pass(100);
    world.freeze_stream();
    world.server.write(ID, "One.");
    world.server.complete(ID);
    world.pass(15_000);
    assert_eq!(world.opened.len(), 1);
    world.pass(8_000);
    assert_eq!(world.opened.len(), 2);
    world.expect_agreement();
}

#[test]
fn a_model_that_is_silent_costs_a_look_and_no_stream() {
    let mut world = World::new(asked());
    world.open_tab();
    world.pass(60_000);
    assert_eq!(world.opened.len(), 1);
    assert!(world.fetches < 6, "{}", world.fetches);
}

#[test]
fn what_was_sent_from_here_is_shown_before_its_events_and_once() {
    let mut world = World::new(answered());
    let tab = world.open_tab();
    world.pass(100);
    world.server.ask(ID, "m2", "r2");
    let turn = Turn {
        conversation_id: ID.into(),
        message_id: "m2".into(),
        reply_id: "r2".into(),
        events: String::new(),
    };
    let message = Some(("m2?".to_owned(), Some("r1".to_owned())));
    world.feed(tab, Input::Sent(Sent { turn, message, sent_ms: 0 }));
    assert_eq!(world.text(tab), "");
    world.server.write(ID, "Two.");
    world.pass(100);
    assert_eq!(world.text(tab), "Two.");
    world.expect_agreement();
}

#[test]
fn a_deleted_conversation_is_followed_no_longer() {
    let mut world = World::new(asked());
    let tab = world.open_tab();
    world.pass(100);
    world.server.delete();
    world.pass(100);
    assert!(world.shown(tab).contains(&Change::Gone));
    assert_eq!(world.streams(), 0);
    world.pass(60_000);
    assert_eq!(world.opened.len(), 1);
}

#[test]
fn other_conversations_change_nothing() {
    let mut world = World::new(answered());
    let tab = world.open_tab();
    world.server.ask(OTHER, "o1", "p1");
    world.server.write(OTHER, "else");
    world.pass(100);
    let of_other = |change: &Change| matches!(change, Change::Applied(event) if event.conversation_id() == Some(OTHER));
    assert!(!world.shown(tab).iter().any(of_other));
    world.expect_agreement();
}
