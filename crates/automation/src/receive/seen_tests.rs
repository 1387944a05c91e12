//! The indexes: bounded, in the right order, and never forgetful of what can be replayed.

use super::*;

const NOW: Time = Time::VIRTUAL_START;
/// Small, in the proportions of the real ones.
const BOUNDS: Bounds = Bounds { kept: 64, signed: 512, signed_of_one: 128 };

fn small() -> Seen {
    Seen { bounds: BOUNDS, ..Seen::default() }
}

fn print(id: usize) -> Fingerprint {
    Fingerprint {
        source: "/events".into(),
        holder: Some(Holder::Node("R1".into())),
        webhook_id: Some(id.to_string()),
        body_sha256: "00".into(),
        at: NOW,
        signed: false,
        dedup: None,
    }
}

fn signed(id: usize) -> Fingerprint {
    Fingerprint { signed: true, ..print(id) }
}

fn of(signer: &str, id: usize) -> Fingerprint {
    Fingerprint { holder: Some(Holder::Node(signer.into())), ..signed(id) }
}

fn later(fingerprint: Fingerprint, seconds: u64) -> Fingerprint {
    Fingerprint { at: NOW + Duration::from_secs(seconds), ..fingerprint }
}

fn check(seen: &Seen, fingerprint: &Fingerprint, want: Option<&str>) {
    let want = want.map_or(Known::New, |event| Known::Same(event.to_owned()));
    assert_eq!(seen.look_up(fingerprint), want, "{fingerprint:?}");
}

/// Goal: unsigned ids are bounded in number, and the newest stay.
#[test]
fn unsigned_ids_are_bounded() {
    let mut seen = small();
    for id in 0..BOUNDS.kept + 5 {
        seen.remember(&print(id), "evt");
    }
    assert_eq!(
        (seen.unsigned.entries.len(), seen.unsigned.order.len()),
        (BOUNDS.kept, BOUNDS.kept)
    );
    check(&seen, &print(0), None);
    check(&seen, &print(BOUNDS.kept + 4), Some("evt"));
    seen.forget(&print(BOUNDS.kept + 4));
    check(&seen, &print(BOUNDS.kept + 4), None);
    assert_eq!(seen.unsigned.order.len(), BOUNDS.kept - 1);
}

/// Goal: what a key is made of counts, and nothing else. Method: one remembered delivery, and
/// others that differ from it in one thing.
#[test]
fn each_part_of_a_key_counts() {
    let mut seen = small();
    seen.remember(&print(1), "unsigned");
    seen.remember(&signed(1), "signed");
    let other_path = |print: Fingerprint| Fingerprint { source: "/other".into(), ..print };
    let entry = Some(Holder::Entry("R1".into()));
    check(&seen, &print(1), Some("unsigned"));
    check(&seen, &other_path(print(1)), None);
    check(&seen, &Fingerprint { holder: None, ..print(1) }, None);
    check(&seen, &Fingerprint { holder: entry.clone(), ..print(1) }, None);
    check(&seen, &print(2), None);
    check(&seen, &signed(1), Some("signed"));
    check(&seen, &other_path(signed(1)), Some("signed"));
    check(&seen, &Fingerprint { holder: entry, ..signed(1) }, None);
    check(&seen, &Fingerprint { webhook_id: None, ..signed(1) }, None);
    let other_body = Fingerprint { body_sha256: "01".into(), ..other_path(signed(1)) };
    assert_eq!(seen.look_up(&other_body), Known::Other);
}

/// Goal: a signed id is known for as long as its signature can be fresh, however many come; when
/// there is no room the next one is told when there will be. Method: one signer fills his share.
#[test]
fn fresh_signed_ids_are_never_forgotten() {
    let mut seen = small();
    for id in 0..BOUNDS.signed_of_one {
        assert_eq!(seen.has_room(&signed(id)), Ok(()));
        seen.remember(&signed(id), "evt");
    }
    let next = BOUNDS.signed_of_one;
    assert_eq!(seen.has_room(&signed(next)), Err(Duration::from_secs(SIGNED_ID_S)));
    let near = later(signed(next), SIGNED_ID_S);
    assert!(seen.has_room(&near).is_err(), "the oldest can still be replayed");
    check(&seen, &later(signed(0), SIGNED_ID_S), Some("evt"));
    assert_eq!(seen.has_room(&of("R2", 0)), Ok(()), "another signer's room is his own");
    assert_eq!(seen.has_room(&print(next)), Ok(()), "unsigned ones need none");

    let late = later(signed(next), SIGNED_ID_S + 1);
    assert_eq!(seen.has_room(&late), Ok(()));
    seen.remember(&late, "evt");
    assert_eq!(seen.signed.entries.len(), BOUNDS.kept, "what has outlived makes room");
    assert_eq!(seen.of_signer[&Holder::Node("R1".into())], BOUNDS.kept);
    check(&seen, &late, Some("evt"));
    seen.forget(&late);
    check(&seen, &late, None);
    assert_eq!(seen.of_signer[&Holder::Node("R1".into())], BOUNDS.kept - 1);
}

/// Goal: all signers together are bounded too. Method: five fill their shares.
#[test]
fn signed_ids_are_bounded_in_all() {
    let mut seen = small();
    let mut taken = 0;
    for signer in ["R1", "R2", "R3", "R4", "R5"] {
        for id in 0..BOUNDS.signed_of_one {
            if seen.has_room(&of(signer, id)).is_ok() {
                seen.remember(&of(signer, id), "evt");
                taken += 1;
            }
        }
    }
    assert_eq!((taken, seen.signed.entries.len()), (BOUNDS.signed, BOUNDS.signed));
    check(&seen, &of("R1", 0), Some("evt"));
}

/// Goal: a body is a repeat within its source's span, counted from the first. Method: a table of
/// instants.
#[test]
fn bodies_are_repeats_for_a_span() {
    let span = Some(Duration::from_secs(600));
    let body = |id| Fingerprint { webhook_id: None, dedup: span, ..print(id) };
    let mut seen = small();
    seen.remember(&body(1), "first");
    check(&seen, &later(body(1), 600), Some("first"));
    check(&seen, &later(Fingerprint { webhook_id: Some("x".into()), ..body(1) }, 9), Some("first"));
    check(&seen, &later(body(1), 601), None);
    check(&seen, &Fingerprint { body_sha256: "01".into(), ..body(1) }, None);
    check(&seen, &Fingerprint { holder: None, ..body(1) }, None);
    check(&seen, &Fingerprint { source: "/other".into(), ..body(1) }, None);
    check(&seen, &Fingerprint { dedup: None, ..body(1) }, None);
    seen.remember(&later(body(1), 601), "second");
    check(&seen, &later(body(1), 1_200), Some("second"));
    seen.forget(&body(1));
    check(&seen, &later(body(1), 602), None);
}
