//! One grading: check after check, those that come last at the end, all within one bound.
//!
//! Called once by the verb; every check ends in a verdict, whatever the listener does.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use host::ExpectedError;

use super::ask::{Answer, Asker, NoAnswer};
use super::bench::{Bench, Values};
use super::look::Look;
use super::table::{AppletAsk, Area, Ask, Check, Course, DeviceWant};
use super::want::{self, Miss};

/// How long a whole grading may take, in milliseconds.
const GRADING_MS_MAX: u64 = 15 * 60 * 1_000;
/// Statuses of a path or a method that is not served.
const NOT_SERVED: [u16; 2] = [404, 405];

/// What came of one check.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    /// What was asked or looked at.
    pub(super) subject: String,
    pub(super) miss: Option<Miss>,
    /// Whether the path is served at all.
    pub(super) is_served: bool,
    pub(super) took: Duration,
}

/// Verdicts, by the places of area and check.
pub(super) type Graded = BTreeMap<(usize, usize), Verdict>;

/// A grading that is under way.
pub(super) struct Run<'c> {
    course: &'c Course,
    asker: Asker,
    bench: Option<Bench>,
    look: Look,
    values: Values,
    /// By area: which of its routes is asked, and whether it gave what was wanted.
    routes: BTreeMap<usize, (usize, bool)>,
    graded: Graded,
    within: Duration,
    start: Instant,
}

/// What one request came to.
struct Came {
    subject: String,
    miss: Option<Miss>,
    is_served: bool,
}

impl<'c> Run<'c> {
    pub(super) fn new(
        course: &'c Course,
        asker: Asker,
        bench: Option<Bench>,
        look: Look,
        values: Values,
    ) -> Run<'c> {
        let (routes, graded) = (BTreeMap::new(), Graded::new());
        let (within, start) = (Duration::ZERO, Instant::now());
        Run { course, asker, bench, look, values, routes, graded, within, start }
    }

    /// Does all checks of the areas that are wanted.
    pub(super) async fn go(
        mut self,
        only: &[String],
        within: Duration,
    ) -> Result<Graded, ExpectedError> {
        self.within = within;
        let course = self.course;
        for last in [false, true] {
            for (place, area) in course.areas.iter().enumerate() {
                if !only.is_empty() && !only.contains(&area.key) {
                    continue;
                }
                for (number, check) in area.checks.iter().enumerate() {
                    if check.last == last {
                        let start = Instant::now();
                        let mut verdict = self.check(place, area, check).await?;
                        verdict.took = start.elapsed();
                        self.graded.insert((place, number), verdict);
                    }
                }
            }
        }
        if let Some(bench) = self.bench.take() {
            bench.stop().await;
        }
        Ok(self.graded)
    }

    async fn check(
        &mut self,
        place: usize,
        area: &Area,
        check: &Check,
    ) -> Result<Verdict, ExpectedError> {
        let looked = |subject: &str, seen: Result<(), Miss>| Came {
            subject: subject.to_owned(),
            miss: seen.err(),
            is_served: true,
        };
        let within = within_of(check);
        let is_first_met = self.routes.get(&place).is_some_and(|(_, met)| *met);
        let came = if self.start.elapsed() > Duration::from_millis(GRADING_MS_MAX) {
            looked("", Err(missed("an answer", "not asked: the time of the grading is over")))
        } else if check.needs_first && !is_first_met {
            let why = "not asked: it means nothing without the first check";
            looked("", Err(missed(&want::statuses(&check.want), why)))
        } else if let Some(file) = &check.file {
            looked(&file.paths[0], self.look.file(file, within).await)
        } else if let Some(marker) = &check.marker {
            looked("log", self.look.marker(marker, within).await)
        } else if let Some(source) = &check.source {
            looked(&source.path, self.look.source(source))
        } else if let Some(device) = &check.device {
            looked("routers", self.device(device).await)
        } else if let Some(applet) = &check.applet {
            self.applet(applet, check).await?
        } else {
            self.request(place, area, check).await?
        };
        let Came { subject, miss, is_served } = came;
        Ok(Verdict { subject, miss, is_served, took: Duration::ZERO })
    }

    async fn request(
        &mut self,
        place: usize,
        area: &Area,
        check: &Check,
    ) -> Result<Came, ExpectedError> {
        let none = Ask::default();
        let own = check.ask.as_ref().unwrap_or(&none);
        let candidates: Vec<Ask> = if !check.routes.is_empty() {
            check.routes.iter().map(|route| route.but(own)).collect()
        } else if own.path.is_some() {
            vec![own.clone()]
        } else if check.finds_route {
            area.routes.iter().map(|route| route.but(own)).collect()
        } else {
            let found = self.routes.get(&place).map_or(0, |(number, _)| *number);
            area.routes.iter().skip(found).take(1).map(|route| route.but(own)).collect()
        };
        let mut best: Option<(usize, Came)> = None;
        for (number, ask) in candidates.iter().enumerate() {
            let came = self.try_out(ask, check).await?;
            let is_met = came.miss.is_none();
            let is_better = best.as_ref().is_none_or(|(_, best)| !best.is_served && came.is_served);
            if is_met || is_better {
                best = Some((number, came));
            }
            if is_met {
                break;
            }
        }
        let no_path = || (0, Came::unasked("a path"));
        let (number, came) = best.unwrap_or_else(no_path);
        if check.finds_route {
            self.routes.insert(place, (number, came.miss.is_none()));
        }
        Ok(came)
    }

    /// One request, or the same many times, with what happens to the routers before and after.
    async fn try_out(&mut self, ask: &Ask, check: &Check) -> Result<Came, ExpectedError> {
        let method = ask.method.as_deref().unwrap_or("POST");
        let path = self.values.fill(ask.path.as_deref().unwrap_or("/"));
        let subject = format!("{method} {path}");
        let needs_router = !ask.steps.is_empty() || check.want.asked.is_some();
        if needs_router && self.bench.is_none() {
            return Ok(Came::unasked("a virtual router"));
        }
        if let Some(bench) = self.bench.as_ref().filter(|_| !ask.steps.is_empty()) {
            // Sessions that the listener keeps would hide what happens.
            bench.reset().await?;
            bench.carry_out(&ask.steps).await?;
        }
        let mark = self.bench.as_mut().map_or(0, Bench::mark);
        let within = within_of(check).unwrap_or(self.within);
        let mut came = self.asker.ask(ask, &self.values, within).await;
        let mut judged = want::judge(&check.want, &came);
        for _ in 1..ask.times.unwrap_or(1) {
            if check.want.any_of_many && judged.is_ok() || is_not_served(&came) {
                break;
            }
            came = self.asker.ask(ask, &self.values, within).await;
            judged = want::judge(&check.want, &came);
        }
        self.look.answered = Instant::now();
        let is_served = !is_not_served(&came);
        if judged.is_ok() {
            judged = self.watched(mark, check, &came).await;
        }
        if let Some(bench) = self.bench.as_ref().filter(|_| !ask.steps.is_empty()) {
            bench.reset().await?;
        }
        Ok(Came { subject, miss: judged.err(), is_served })
    }

    /// What the routers say of it.
    async fn watched(
        &mut self,
        mark: usize,
        check: &Check,
        came: &Result<Answer, NoAnswer>,
    ) -> Result<(), Miss> {
        let Some(bench) = &mut self.bench else { return Ok(()) };
        if let Some(asked) = &check.want.asked
            && bench.line(mark, &asked.0).await.is_none()
        {
            let wanted = format!("a router that is told `{}`", asked.0);
            let seen = format!("no router was; the answer was {}", want::seen(came));
            return Err(Miss { wanted, seen });
        }
        if let Some(never) = &check.want.never
            && let Some(line) = bench.line(mark, &never.0).await
        {
            return Err(missed("no router that is told this", &format!("one was told `{line}`")));
        }
        Ok(())
    }

    async fn device(&mut self, want: &DeviceWant) -> Result<(), Miss> {
        let wanted = format!("`{}` of a router", want.matches.0);
        let Some(bench) = &mut self.bench else {
            return Err(missed(&wanted, "there is no virtual router"));
        };
        let told = bench.told(&want.fact, &want.matches.0).await;
        told.map(drop).ok_or_else(|| missed(&wanted, "no router has told it"))
    }

    async fn applet(&mut self, ask: &AppletAsk, check: &Check) -> Result<Came, ExpectedError> {
        let Some(bench) = &mut self.bench else { return Ok(Came::unasked("a virtual router")) };
        let posted = bench.post(ask).await?;
        self.look.answered = Instant::now();
        let wanted = want::statuses(&check.want);
        let Some(posted) = posted else {
            let miss = Some(missed(&wanted, "no applet of the router has sent anything"));
            return Ok(Came { subject: "applet".to_owned(), miss, is_served: true });
        };
        let path = posted.url.splitn(4, '/').nth(3).unwrap_or_default();
        self.values.set("applet-path", format!("/{path}"));
        let is_met = posted.status.is_some_and(|status| {
            let answer =
                Answer { status, media: String::new(), headers: vec![], text: "{}".into() };
            want::judge(&check.want, &Ok(answer)).is_ok()
        });
        let seen = posted.status.map(|status| status.to_string()).or(posted.error);
        let miss = (!is_met).then(|| missed(&wanted, &seen.unwrap_or_default()));
        Ok(Came { subject: format!("applet POST /{path}"), miss, is_served: true })
    }
}

impl Came {
    fn unasked(lacked: &str) -> Came {
        let miss = Some(missed(lacked, "there is none"));
        Came { subject: String::new(), miss, is_served: true }
    }
}

fn missed(wanted: &str, seen: &str) -> Miss {
    Miss { wanted: wanted.to_owned(), seen: seen.to_owned() }
}

fn within_of(check: &Check) -> Option<Duration> {
    check.within.map(|within| within.0)
}

fn is_not_served(came: &Result<Answer, NoAnswer>) -> bool {
    came.as_ref().is_ok_and(|answer| NOT_SERVED.contains(&answer.status))
}
