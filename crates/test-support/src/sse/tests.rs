use proptest::prelude::*;

use super::{Item, Message, Parser};

fn read(pieces: &[&[u8]]) -> (Vec<Item>, Parser) {
    let (mut parser, mut items) = (Parser::default(), Vec::new());
    for piece in pieces {
        parser.feed(piece, &mut |item| items.push(item));
    }
    (items, parser)
}

fn items(stream: &str) -> Vec<Item> {
    read(&[stream.as_bytes()]).0
}

fn message(id: &str, event: &str, data: &str) -> Item {
    let (id, event, data) = (id.to_owned(), event.to_owned(), data.to_owned());
    Item::Message(Message { id, event, data, retry: None })
}

#[test]
fn data_of_several_lines_is_joined() {
    // The standard's first example.
    let stream = "data: YHOO\ndata: +2\ndata: 10\n\n";
    assert_eq!(items(stream), [message("", "message", "YHOO\n+2\n10")]);
}

#[test]
fn the_standards_example_of_comments_ids_and_an_unfinished_event() {
    let stream =
        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event";
    let expected = [
        Item::Comment(" test stream".to_owned()),
        message("1", "message", "first event"),
        message("", "message", "second event"),
    ];
    assert_eq!(items(stream), expected);
}

#[test]
fn the_standards_example_of_empty_data() {
    assert_eq!(
        items("data\n\ndata\ndata\n\ndata:"),
        [message("", "message", ""), message("", "message", "\n")]
    );
}

#[test]
fn one_space_after_the_colon_is_dropped_and_no_more() {
    let both = [message("", "message", "test"), message("", "message", "test")];
    assert_eq!(items("data:test\n\ndata: test\n\n"), both);
    assert_eq!(items("data:  x \n\n"), [message("", "message", " x ")]);
}

#[test]
fn lines_end_with_lf_cr_or_both() {
    let expected = [message("", "message", "a"), message("", "message", "b\nc")];
    for end in ["\n", "\r", "\r\n"] {
        let stream = ["data: a", "", "data: b", "data: c", "", ""].join(end);
        assert_eq!(items(&stream), expected, "{end:?}");
    }
}

#[test]
fn a_cr_dispatches_without_waiting_for_an_lf() {
    assert_eq!(items("data: a\r\r"), [message("", "message", "a")]);
    let (found, _) = read(&[b"data: a\r", b"\n\r", b"\n"]);
    assert_eq!(found, [message("", "message", "a")], "one end in two pieces is one end");
}

#[test]
fn only_one_byte_order_mark_at_the_beginning_is_skipped() {
    let expected = [message("", "message", "a")];
    assert_eq!(items("\u{feff}data: a\n\n"), expected);
    assert_eq!(read(&[b"\xEF", b"\xBB", b"\xBFdata: a\n\n"]).0, expected);
    assert_eq!(items("\u{feff}\u{feff}data: a\n\n"), [], "the second belongs to the field's name");
    assert_eq!(items("data: b\n\n\u{feff}data: a\n\n"), [message("", "message", "b")]);
}

#[test]
fn an_event_without_data_is_not_dispatched_but_sets_the_id() {
    let (found, parser) = read(&[b"event: x\nid: 7\n\ndata: a\n\n"]);
    assert_eq!(found, [message("7", "message", "a")], "its type is forgotten, its id is not");
    assert_eq!(parser.last_event_id(), "7");
}

#[test]
fn an_id_counts_once_its_event_has_ended() {
    let (_, parser) = read(&[b"id: 1\ndata: a\n\nid: 2\ndata: b\n"]);
    assert_eq!(parser.last_event_id(), "1");
}

#[test]
fn an_id_with_a_null_is_ignored() {
    let (found, parser) = read(&[b"id: 1\nid: 2\x003\ndata: a\n\n"]);
    assert_eq!(found, [message("1", "message", "a")]);
    assert_eq!(parser.last_event_id(), "1");
}

#[test]
fn retry_takes_digits_only() {
    let (_, parser) = read(&[b"retry: 1500\n"]);
    assert_eq!(parser.reconnection_ms(), Some(1500), "at once, without an event");
    for bad in
        ["retry: 1s\n", "retry: -1\n", "retry: 1.5\n", "retry:  1\n", "retry\n", "retry: +1\n"]
    {
        assert_eq!(read(&[bad.as_bytes()]).1.reconnection_ms(), None, "{bad:?}");
    }
}

#[test]
fn fields_are_named_exactly_and_others_ignored() {
    assert_eq!(items("Data: a\ndata : b\n data: c\nfoo: d\nfoo\n\n"), []);
    assert_eq!(items("data: a:b\nevent: c\n\n"), [message("", "c", "a:b")]);
}

#[test]
fn the_last_type_counts_and_is_gone_with_its_event() {
    assert_eq!(
        items("event: a\nevent: b\ndata: 1\n\ndata: 2\n\n"),
        [message("", "b", "1"), message("", "message", "2")]
    );
}

#[test]
fn bytes_that_are_no_utf8_are_replaced() {
    let (found, _) = read(&[b"data: a\xFFb\n\n"]);
    assert_eq!(found, [message("", "message", "a\u{fffd}b")]);
}

proptest! {
    #[test]
    fn pieces_do_not_matter(
        stream in prop::collection::vec(
            prop::sample::select(vec![
                "\u{feff}", "data", "event", "id", "retry", ":", " ", "\r", "\n", "\r\n", "\0", "1",
                "é", "新", "😀", "x",
            ]),
            0..60,
        ),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let stream = stream.concat().into_bytes();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &stream[cut[0]..cut[1]]).collect();
        prop_assert_eq!(read(&pieces).0, read(&[&stream]).0);
    }
}
