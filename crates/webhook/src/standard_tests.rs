//! The published vectors of Standard Webhooks, and everything near them that must fail.

use proptest::prelude::*;
use simtime::Time;

use super::*;

struct Vector {
    secret: &'static str,
    id: &'static str,
    timestamp: u64,
    body: &'static str,
    signature: &'static str,
}

/// The vector of the Go, JavaScript and Python libraries. Note the blank after the colon.
const SW_1: Vector = Vector {
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestamp: 1_614_265_330,
    body: r#"{"test": 2432232314}"#,
    signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
/// The vector of the Rust library.
const SW_2: Vector = Vector {
    secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
    timestamp: 1_649_367_553,
    body: r#"{"email":"test@example.com","username":"test_user"}"#,
    signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
};

impl Vector {
    /// Verifies with another signature, body and age in seconds.
    fn check(&self, signature: &str, body: &str, age: i64) -> Result<(), VerifyError> {
        let secret = Secret::parse(self.secret).expect("a published secret");
        let timestamp = self.timestamp.to_string();
        let signed = Signed { id: self.id, timestamp: &timestamp, signature };
        let seconds = self.timestamp.checked_add_signed(age).expect("after 1970");
        verify(&secret, signed, body.as_bytes(), Time::from_micros(seconds * 1_000_000))
    }
}

/// Goal: the published vectors sign and verify, and no re-serialised body does.
#[test]
fn the_published_vectors_hold() {
    for vector in [SW_1, SW_2] {
        let secret = Secret::parse(vector.secret).expect("a published secret");
        let signature = sign(&secret, vector.id, vector.timestamp, vector.body.as_bytes());
        assert_eq!(signature, vector.signature);
        assert_eq!(vector.check(vector.signature, vector.body, 0), Ok(()));
    }
    let tight = SW_1.body.replace(": ", ":");
    assert_eq!(SW_1.check(SW_1.signature, &tight, 0), Err(VerifyError::Signature));
}

/// Goal: wrong, cut and empty signatures fail, and one good one among others is enough.
#[test]
fn every_negative_fails() {
    let good = SW_2.signature;
    let wrong = "v1,R3PTzyfHASBKHH98a7yexTwaJ4yNIcGhFQc1yuN+BPU=";
    let table = [
        (wrong.to_owned(), false),
        ("v1,".to_owned(), false),
        (String::new(), false),
        (good[..good.len() - 8].to_owned(), false),
        (good.replace("v1,", ""), false),
        (good.replace("v1,", "v2,"), false),
        (good.replace("v1,", "v1a,"), false),
        (format!("{wrong} {good}"), true),
        (format!("v1a,AAAA {good}"), true),
        (format!("{}{good}", "v1,AAAA ".repeat(SIGNATURES_MAX)), false),
    ];
    for (signature, holds) in table {
        assert_eq!(SW_2.check(&signature, SW_2.body, 0).is_ok(), holds, "{signature}");
    }
}

/// Goal: the tolerance is 300 s both ways, to the second.
#[test]
fn time_is_checked_both_ways() {
    let table = [
        (300, Ok(())),
        (301, Err(VerifyError::TooOld)),
        (-300, Ok(())),
        (-301, Err(VerifyError::TooNew)),
    ];
    for (age, want) in table {
        assert_eq!(SW_1.check(SW_1.signature, SW_1.body, age), want, "{age}");
    }
}

/// Goal: ids and times that could move the signed boundaries are refused. Method: a table.
#[test]
fn unusable_ids_and_times_are_refused() {
    let long = "x".repeat(ID_BYTES_MAX + 1);
    let table = [
        ("", "0", VerifyError::Id),
        ("a.b", "0", VerifyError::Id),
        (long.as_str(), "0", VerifyError::Id),
        ("a", "", VerifyError::Timestamp),
        ("a", "+5", VerifyError::Timestamp),
        ("a", "5.0", VerifyError::Timestamp),
        ("a", "99999999999999999999999", VerifyError::Timestamp),
    ];
    for (id, timestamp, want) in table {
        let signed = Signed { id, timestamp, signature: "v1,AAAA" };
        assert_eq!(fresh(signed, Time::from_micros(0)), Err(want), "{id} {timestamp}");
    }
}

/// Goal: secrets that are none are refused without being shown. Method: a table.
#[test]
fn bad_secrets_are_refused() {
    let table = [
        ("whsec_", SecretError::Length(0)),
        ("whsec_AAAA", SecretError::Length(3)),
        ("whsec_not base64", SecretError::NotBase64),
    ];
    for (text, want) in table {
        assert_eq!(Secret::parse(text).expect_err("no secret"), want, "{text}");
    }
    let bare = SW_1.secret.trim_start_matches("whsec_");
    assert_eq!(Secret::parse(bare), Secret::parse(SW_1.secret));
    let shown = format!("{:?}", Secret::parse(bare));
    assert_eq!(shown, "Ok(Secret([redacted]))");
}

#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the oracle reads the machine's clock itself"
)]
fn machine_seconds() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("after 1970").as_secs()
}

/// A secret, and the standard's own implementation with the same one.
fn with_oracle(key: &[u8]) -> (Secret, standardwebhooks::Webhook) {
    let text = format!("whsec_{}", BASE64.encode(key));
    let oracle = standardwebhooks::Webhook::new(&text).expect("base64");
    (Secret::parse(&text).expect("24 to 64 bytes"), oracle)
}

proptest! {
    /// Goal: the standard's own library and we agree, both ways: it signs what we verify, and
    /// verifies what we sign; what one refuses the other does. Method: any key, id and body. The
    /// library reads the machine's clock, so its way is tried with the time of now.
    #[test]
    fn the_standard_s_own_library_agrees(
        key in prop::collection::vec(any::<u8>(), 24..=64), id in "[!-~&&[^.]]{1,256}",
        body: String, seconds in 0u64..4_000_000_000, flip in 0usize..94, age in -310i64..310,
    ) {
        let (secret, oracle) = with_oracle(&key);
        let ours = sign(&secret, &id, seconds, body.as_bytes());
        let stamp = i64::try_from(seconds).expect("small");
        let theirs = oracle.sign(&id, stamp, body.as_bytes()).expect("UTF-8");
        prop_assert_eq!(&ours, &theirs);
        let text = seconds.to_string();
        let signed = Signed { id: &id, timestamp: &text, signature: &theirs };
        let then = Time::from_micros(seconds * 1_000_000);
        prop_assert_eq!(verify(&secret, signed, body.as_bytes(), then), Ok(()));

        let now = machine_seconds();
        // Near the edges the clock may tick between the two.
        prop_assume!(!(298..=302).contains(&age.abs()));
        let stamp = now.checked_add_signed(age).expect("after 1970");
        let mut signature = sign(&secret, &id, stamp, body.as_bytes()).into_bytes();
        if let Some(letter) = signature.get_mut(flip) {
            *letter = if *letter == b'A' { b'B' } else { b'A' };
        }
        let signature = String::from_utf8(signature).expect("ASCII");
        let text = stamp.to_string();
        let mut headers = http::HeaderMap::new();
        headers.insert("webhook-id", id.parse().expect("visible"));
        headers.insert("webhook-timestamp", text.parse().expect("digits"));
        headers.insert("webhook-signature", signature.parse().expect("visible"));
        let theirs = oracle.verify(body.as_bytes(), &headers).is_ok();
        let signed = Signed { id: &id, timestamp: &text, signature: &signature };
        let now = Time::from_micros(now * 1_000_000);
        let ours = verify(&secret, signed, body.as_bytes(), now).is_ok();
        prop_assert_eq!(ours, theirs, "{} {}", age, signature);
    }

    /// Goal: what is signed verifies, and one flipped bit anywhere does not. Method: any body.
    #[test]
    fn one_bit_decides(key in prop::collection::vec(any::<u8>(), 24..=64), body: Vec<u8>,
                       bit in 0usize..4096, seconds in 0u64..4_000_000_000) {
        let secret = Secret(key);
        let signature = sign(&secret, "msg_1", seconds, &body);
        let now = Time::from_micros(seconds * 1_000_000);
        let timestamp = seconds.to_string();
        let signed = Signed { id: "msg_1", timestamp: &timestamp, signature: &signature };
        prop_assert_eq!(verify(&secret, signed, &body, now), Ok(()));
        let mut changed = body.clone();
        if let Some(byte) = changed.get_mut(bit / 8) {
            *byte ^= 1 << (bit % 8);
            prop_assert_eq!(
                verify(&secret, signed, &changed, now),
                Err(VerifyError::Signature)
            );
        }
    }

    /// Goal: no header text makes verifying panic. Method: any texts.
    #[test]
    fn any_headers_are_verified_or_refused(id: String, timestamp: String, signature: String) {
        let secret = Secret(vec![1; 24]);
        let signed = Signed { id: &id, timestamp: &timestamp, signature: &signature };
        let got = verify(&secret, signed, b"{}", Time::VIRTUAL_START);
        prop_assert!(got.is_err());
    }
}
