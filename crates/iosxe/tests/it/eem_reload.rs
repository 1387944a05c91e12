//! A configuration with applets is the same after a reload.

use std::io::Write as _;

use crate::driver::Router;

/// Loads `text`, then what the router keeps of it: nothing of that is refused, and it keeps the
/// same. How many lines that is.
fn check(name: &str, text: &str) -> usize {
    let (first, _) = Router::with_problems(text);
    let kept = first.device.running_config();
    let (second, problems) = Router::with_problems(&kept);
    assert_eq!(problems, [], "{name}: its own running-config is refused");
    assert_eq!(second.device.running_config(), kept, "{name}");
    kept.lines().count()
}

/// Goal: quotes, blocks, values and orders survive. Method: an applet of many lines, typed in
/// another order and with other words than IOS prints.
#[test]
fn an_applet_survives() {
    check(
        "many lines",
        r#"ev man app B trap class C auth bypass
 action 20 else
 action 30 end
 action 15 sys msg "it is \"$a\" \\ at last" pri warn fac "X"
 action 10 if $_none_argc gt "1"
 action 1 set a ""
 action "1 2" comment "quoted" and # not quoted
 action 25 puts nonew $a
 event none maxrun 90
 description what it does "quoted"
event manager environment q "
event manager environment two  blanks in it
event manager applet A
 event syslog period 60 occurs 3 patt "\[x\] a|b\\" ratelimit 1.5
 action 1 cli comm "copy a b" patt "\[confirm\]|#"
 action 2 regexp "([0-9]+) \"(.*)\"" "$_cli_result" all one
"#,
    );
}

/// Goal: the same for real applets. Method: the corpus, which is not part of the repository.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its data; the crate never does")]
fn the_corpus_survives() {
    let Ok(folder) = std::env::var("EDNM_CORPUS") else {
        // Written past the capture of the test harness, so that the skip is seen.
        let _ = writeln!(std::io::stderr(), "the_corpus_survives: skipped, no EDNM_CORPUS");
        return;
    };
    let files = std::fs::read_dir(format!("{folder}/eem")).expect("EDNM_CORPUS holds eem/");
    let mut lines = 0;
    for file in files {
        let path = file.expect("a file of the corpus").path();
        if path.extension().is_some_and(|extension| extension == "cfg") {
            let text = std::fs::read_to_string(&path).expect("a corpus file is text");
            lines += check(&path.display().to_string(), &text);
        }
    }
    assert!(lines > 0, "no applets in {folder}/eem");
}
