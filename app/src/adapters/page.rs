use crate::{browser, hooks::Listener};

/// What happens to the page as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageUpdate {
    /// It is shown for the first time, or comes back from the back-forward cache.
    Entered,
    /// It goes into the back-forward cache, or away.
    Left,
    Online,
    Offline,
    Hidden,
    Shown,
}

/// Feeds the events of the page as a whole, until the listeners are dropped.
pub(crate) fn listen(feed: impl Fn(PageUpdate) + Clone + 'static) -> [Listener; 5] {
    let on = |name: &str, update: fn() -> PageUpdate| {
        let feed = feed.clone();
        Listener::on(name, move |_| feed(update()))
    };
    [
        on("pagehide", || PageUpdate::Left),
        on("pageshow", || PageUpdate::Entered),
        on("online", || PageUpdate::Online),
        on("offline", || PageUpdate::Offline),
        on("visibilitychange", || match browser::is_hidden() {
            true => PageUpdate::Hidden,
            false => PageUpdate::Shown,
        }),
    ]
}
