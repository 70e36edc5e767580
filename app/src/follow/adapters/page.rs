use crate::{browser, follow::Input, hooks::Listener};

/// Feeds the events of the page as a whole, until the listeners are dropped.
pub(in crate::follow) fn listen(feed: impl Fn(Input) + Clone + 'static) -> [Listener; 5] {
    let on = |name: &str, input: fn() -> Input| {
        let feed = feed.clone();
        Listener::on(name, move |_| feed(input()))
    };
    [
        on("pagehide", || Input::Leave),
        on("pageshow", || Input::Join),
        on("online", || Input::Online),
        on("offline", || Input::Offline),
        on("visibilitychange", || if browser::is_hidden() { Input::Hidden } else { Input::Shown }),
    ]
}
