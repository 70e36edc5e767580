use protocol::Status;
use protocol::conversation::{Origin, Persona};
use serde_json::json;
use store::{
    Error, LogWriter, PersonaChange, PersonaStore, Record, Store, TrainingOutcome, TrainingRecord,
};

use super::{Place, open};
use crate::sample::{batch, training};

fn persona(id: &str) -> Persona {
    Persona {
        id: id.into(),
        name: format!("Name of {id}"),
        version: 1,
        updated_ms: 7,
        ..Persona::default()
    }
}

fn record(persona_id: &str, generation: &str) -> TrainingRecord {
    let message = format!("Teaching of {generation}");
    TrainingRecord { persona_id: persona_id.into(), message, generation: training(generation) }
}

async fn train(store: &dyn Store, persona_id: &str, generation: &str) -> Box<dyn LogWriter> {
    match store.store_training(record(persona_id, generation)).await.unwrap() {
        TrainingOutcome::New(_, writer) => writer,
        _ => panic!("not stored"),
    }
}

async fn end(writer: &dyn LogWriter, generation: &str, status: Status, profile: &str) {
    let mut snapshot = training(generation).snapshot;
    (snapshot.status, snapshot.cursor) = (status, 2);
    snapshot.document = json!({"profile": profile}).into();
    writer.end(batch(2, 2), &snapshot).await.unwrap();
}

pub(crate) async fn each_change_is_a_version_and_can_be_restored<P: Place>() {
    let (place, store) = open::<P>().await;
    store.create_persona("someone", persona("p")).await.unwrap();
    assert_eq!(store.persona("someone", "p").await.unwrap(), Some(persona("p")));
    assert_eq!(store.persona("someone else", "p").await.unwrap(), None);
    let profile = PersonaChange { profile: Some("Likes ice".into()), ..PersonaChange::default() };
    let changed = store.change_persona("someone", "p", profile.clone(), 8).await.unwrap().unwrap();
    assert_eq!((changed.version, &*changed.profile, changed.updated_ms), (2, "Likes ice", 8));
    let same = store.change_persona("someone", "p", profile.clone(), 9).await.unwrap();
    assert_eq!(same, Some(changed));
    assert_eq!(store.change_persona("someone", "none", profile, 9).await.unwrap(), None);
    let restored = store.restore_persona("someone", "p", 1, 10).await.unwrap().unwrap();
    assert_eq!((restored.version, &*restored.profile), (3, ""));
    assert_eq!(store.restore_persona("someone", "p", 9, 10).await.unwrap(), None);
    let survivor = place.killed();
    let store = survivor.open().await;
    let versions = store.persona_versions("someone", "p", None, 2).await.unwrap().unwrap();
    let origins: Vec<_> = versions.versions.iter().map(|it| (it.version, it.origin)).collect();
    assert_eq!(origins, [(3, Origin::Restored), (2, Origin::Edited)]);
    let next = versions.next.as_deref();
    let versions = store.persona_versions("someone", "p", next, 2).await.unwrap().unwrap();
    assert_eq!((versions.versions[0].origin, versions.next), (Origin::Created, None));
    assert_eq!(store.persona_versions("someone", "none", None, 2).await.unwrap(), None);
}

pub(crate) async fn personas_are_listed_newest_first<P: Place>() {
    let (_place, store) = open::<P>().await;
    for id in ["p", "q", "r"] {
        store.create_persona("someone", persona(id)).await.unwrap();
    }
    let first = store.personas("someone", None, 2).await.unwrap();
    let ids: Vec<_> = first.personas.iter().map(|persona| persona.id.as_str()).collect();
    assert_eq!(ids, ["r", "q"]);
    let rest = store.personas("someone", first.next.as_deref(), 2).await.unwrap();
    assert_eq!((rest.personas, rest.next), (vec![persona("p")], None));
    assert_eq!(store.personas("someone else", None, 2).await.unwrap().personas, []);
    let lost = store.personas("someone", Some("nobody"), 2).await;
    assert!(matches!(lost, Err(Error::UnknownPlace)));
}

pub(crate) async fn a_completed_training_makes_a_version_and_no_other_does<P: Place>() {
    let (_place, store) = open::<P>().await;
    store.create_persona("someone", persona("p")).await.unwrap();
    for (generation, status) in [("t1", Status::Failed), ("t2", Status::Stopped)] {
        let writer = train(&store, "p", generation).await;
        end(&*writer, generation, status, "half").await;
        assert_eq!(store.persona("someone", "p").await.unwrap(), Some(persona("p")));
    }
    let writer = train(&store, "p", "t3").await;
    let now = store.persona("someone", "p").await.unwrap().unwrap();
    assert_eq!((now.version, now.training_id.as_deref()), (1, Some("t3")));
    assert_eq!(store.training("someone", "t3").await.unwrap().unwrap().version, None);
    for _ in 0..2 {
        end(&*writer, "t3", Status::Completed, "Likes ice\n").await;
    }
    let now = store.persona("someone", "p").await.unwrap().unwrap();
    assert_eq!((now.version, &*now.profile, now.training_id), (2, "Likes ice", None));
    let training = store.training("someone", "t3").await.unwrap().unwrap();
    assert_eq!((&*training.message, training.version), ("Teaching of t3", Some(2)));
    assert_eq!(store.training("someone else", "t3").await.unwrap(), None);
}

pub(crate) async fn one_training_of_a_persona_runs_at_a_time<P: Place>() {
    let (_place, store) = open::<P>().await;
    for id in ["p", "q"] {
        store.create_persona("someone", persona(id)).await.unwrap();
    }
    assert_eq!(store.newest_training("someone").await.unwrap(), 0);
    let writer = train(&store, "p", "t1").await;
    let running = store.store_training(record("p", "t2")).await.unwrap();
    assert!(matches!(running, TrainingOutcome::Running(id) if id == "t1"));
    let unknown = store.store_training(record("none", "t2")).await.unwrap();
    assert!(matches!(unknown, TrainingOutcome::UnknownPersona));
    let late = TrainingRecord {
        generation: Record { first: batch(2, 2), ..training("t2") },
        ..record("q", "t2")
    };
    assert!(matches!(store.store_training(late).await, Err(Error::OutOfOrder)));
    assert_eq!(store.snapshot("someone", "t2").await.unwrap(), None);
    let after = store.newest_training("someone").await.unwrap();
    assert_eq!(store.next_training("someone", None, after).await.unwrap(), None);
    let _other = train(&store, "q", "t3").await;
    assert_eq!(store.next_training("someone", None, after).await.unwrap().as_deref(), Some("t3"));
    assert_eq!(store.next_training("someone", Some("p"), after).await.unwrap(), None);
    let running = async |persona| store.running_training("someone", persona).await.unwrap();
    assert_eq!(running(None).await.as_deref(), Some("t1"));
    assert_eq!(running(Some("q")).await.as_deref(), Some("t3"));
    let busy = store.delete_persona("someone", "p").await;
    assert!(matches!(busy, Err(Error::Busy)), "{busy:?}");
    end(&*writer, "t1", Status::Stopped, "").await;
    assert!(store.delete_persona("someone", "p").await.unwrap());
    assert!(!store.delete_persona("someone", "p").await.unwrap());
    assert_eq!(store.snapshot("someone", "t1").await.unwrap(), None);
    assert_eq!(running(None).await.as_deref(), Some("t3"));
}
