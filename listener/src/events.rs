//! `listener events`: the list of events, and the story of one, from the journal or a listener.
//!
//! Reads alone. What devices answered is stripped of control characters before it is shown.

mod fetch;
mod show;
mod tail;

use automation::store::Query;
use automation::story::{State, Summary};
use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use host::text::printable;
use host::{ExpectedError, message};

use crate::args::{Events, EventsVerb, List, Place, Progress, Tail};
pub(crate) use fetch::Origin;

/// Runs the verb.
pub(crate) async fn run(args: Events) -> Result<(), ExpectedError> {
    let origin = Origin::open(&args.place)?;
    match args.verb.unwrap_or_else(|| EventsVerb::List(List::default())) {
        EventsVerb::List(list) => print_list(&origin, &args.place, list).await,
        EventsVerb::Tail(Tail { limit, device, name, only }) => {
            let list = List { limit: Some(limit), after: None, device, name, only };
            tail::tail(&origin, query(list), args.place.format.is_json()).await
        }
        EventsVerb::Show { id } => print_story(&origin, &args.place, &id).await,
    }
}

async fn print_list(origin: &Origin, place: &Place, list: List) -> Result<(), ExpectedError> {
    let page = origin.page(query(list)).await?;
    if place.format.is_json() {
        return print_json(&page);
    }
    message::data(&table(&page.events).to_string())?;
    if let Some(next) = page.next {
        message::note(&format!("older ones: --after {next}"));
    }
    Ok(())
}

async fn print_story(origin: &Origin, place: &Place, id: &str) -> Result<(), ExpectedError> {
    let Some(story) = origin.story(id).await? else {
        message::error(&format!("there is no event `{id}`"));
        return Err(ExpectedError::AnsweredNo);
    };
    if place.format.is_json() {
        return print_json(&story);
    }
    message::data(show::story(&story).trim_end())
}

fn print_json(document: &impl serde::Serialize) -> Result<(), ExpectedError> {
    let text = serde_json::to_string(document).map_err(ExpectedError::environment)?;
    message::data(&text)
}

fn query(list: List) -> Query {
    let List { limit, after, device, name, only } = list;
    let state = only.map(|progress| match progress {
        Progress::Accepted => State::Accepted,
        Progress::Waiting => State::Waiting,
        Progress::Running => State::Running,
        Progress::Done => State::Done,
        Progress::Failed => State::Failed,
    });
    Query { limit, after, device, name, state }
}

fn table(events: &[Summary]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED.with_rounded_corners());
    table.set_header(["Id", "Received", "Event", "Device", "From", "Jobs", "State"]);
    for event in events {
        table.add_row([
            event.id.clone(),
            event.received_at.to_string(),
            printable(&event.name).into_owned(),
            printable(event.device.as_deref().unwrap_or("-")).into_owned(),
            event.device_from.to_string(),
            event.jobs.to_string(),
            event.state.as_str().to_owned(),
        ]);
    }
    table
}
