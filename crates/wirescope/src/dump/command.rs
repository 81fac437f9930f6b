//! From the request to what it asks for: inputs one after the other, a filter for each, one pass over all.

use std::process::ExitCode;

use wirescope_capture::{FileReader, Source};
use wirescope_dissect::Dissector;

use super::filter::{Expression, Target};
use super::finished::Finished;
use super::input::Inputs;
use super::options::Request;
use super::output::Output;
use super::pass::{End, Pass};
use super::printer::Printer;
use super::writer::Writer;
use super::{Failure, Program, interfaces, live, messages, names, parallel};

/// Does what the request asks for, and gives the exit status.
pub(crate) fn run(program: &Program, request: &Request) -> Result<ExitCode, Failure> {
    if request.live.list_interfaces {
        return interfaces::list(program);
    }
    match Inputs::open(request)? {
        Some(inputs) => follow(program, request, inputs),
        None if request.list_link_types => interfaces::list_link_types(program, request),
        None if request.live.list_time_stamp_types => interfaces::list_time_stamp_types(program, request),
        None if request.show_filter > 0 && request.live.interfaces.is_empty() => show_filter(request),
        None => live::capture(program, request),
    }
}

/// Goes over the packets of capture files.
fn follow(program: &Program, request: &Request, mut inputs: Inputs) -> Result<ExitCode, Failure> {
    let mut input = inputs.first()?;
    let expression = Expression::gather(request)?;
    let filter = expression.compile(&Target::of_file(request, input.source.properties()))?;
    if request.show_filter > 0 {
        return shown(&filter.listing(request.show_filter));
    }
    give_up_privileges(request)?;
    let mut pass = Pass {
        writer: Writer::create(
            request,
            input.source.properties(),
            Finished::here(program, request.file_command.as_ref()),
        )?,
        printer: Printer::new(request)?,
        filter: filter.into_program(),
        taken: 0,
        skip: request.skip,
        count: request.count.unwrap_or(u64::MAX),
        sampling: request.sampling.unwrap_or(1),
    };
    let mut status = ExitCode::SUCCESS;
    loop {
        if let Some(printer) = &pass.printer {
            printer.require(input.source.properties())?;
        }
        match go_over(&mut pass, request, &mut input.source)? {
            End::Complete => status = ExitCode::SUCCESS,
            End::FilesFull => {
                let limit = request.file_count.unwrap_or_default();
                messages::say(&format!("Maximum file limit reached: {limit}"));
                break;
            }
            End::Damaged(error) => {
                program.error(&format!("pcap_loop: {error}"));
                status = ExitCode::FAILURE;
            }
        }
        let Some(next) = inputs.next()? else { break };
        let link = next.source.properties().link;
        if pass.writer.is_some() && link != input.source.properties().link {
            let path = next.path.display();
            return Err(Failure::message(format!("{path}: new dlt does not match original")));
        }
        input = next;
        pass.filter =
            expression.compile(&Target::of_file(request, input.source.properties()))?.into_program();
    }
    let taken = pass.finish()?;
    if request.only_count {
        let packets = format!("{taken} packet{}\n", if taken == 1 { "" } else { "s" });
        Output::new(false)?.write(packets.as_bytes())?;
    }
    Ok(status)
}

/// Lets the pass go over one source: on several threads where that was asked for and only text is made.
fn go_over(pass: &mut Pass, request: &Request, source: &mut FileReader) -> Result<End, Failure> {
    let each_packet = request.line_buffered || request.packet_buffered;
    if request.threads <= 1 || each_packet || request.json || pass.writer.is_some() {
        return pass.run(source);
    }
    let Some(mut printer) = pass.printer.take() else { return pass.run(source) };
    let make = || Dissector::new(request.print.clone(), names::of(request));
    let end = match printer.text_parts() {
        Some(parts) => parallel::print_all(pass, source, parts, request.threads, &make),
        None => Ok(End::Complete),
    };
    pass.printer = Some(printer);
    end
}

/// Becomes the user that a request names, before anything is written.
fn give_up_privileges(request: &Request) -> Result<(), Failure> {
    let Some(user) = &request.user else { return Ok(()) };
    crate::live::privileges::become_user(Some(&user.to_string_lossy())).map(|_| ())
}

/// Shows the filter's program for a link type that is given, or for Ethernet.
fn show_filter(request: &Request) -> Result<ExitCode, Failure> {
    if request.link.is_none() {
        messages::say("Warning: assuming Ethernet");
    }
    let expression = Expression::gather(request)?;
    let filter = expression.compile(&Target::without_capture(request))?;
    shown(&filter.listing(request.show_filter))
}

pub(super) fn shown(text: &str) -> Result<ExitCode, Failure> {
    Output::new(false)?.write(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
