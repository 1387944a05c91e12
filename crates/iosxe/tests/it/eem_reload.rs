//! A configuration with applets is the same after a reload.

use std::io::Write as _;

use crate::driver::{Router, bodies};

/// Loads `text`, then what the router prints of it: nothing of that is refused, and it prints the
/// same. How many lines it prints. `write terminal`, since applets like to catch `show run`.
fn check(name: &str, text: &str) -> usize {
    let (mut first, _) = Router::with_problems(text);
    let printed = first.exec("write terminal");
    let (_, body) = printed.split_once("bytes\n").expect("the header");
    let (mut second, problems) = Router::with_problems(body);
    assert_eq!(problems, [], "{name}: its own running-config is refused");
    let again = second.exec("write terminal");
    assert_eq!(bodies(&again), bodies(&printed), "{name}");
    bodies(&printed).len()
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
