//! Packets as text or as JSON, on standard output.

use wirescope_capture::{Interface, Properties};
use wirescope_dissect::Dissector;
use wirescope_wire::Packet;

use super::json::JsonLines;
use super::options::Request;
use super::output::Output;
use super::{Failure, names};

/// Prints packets.
pub(crate) struct Printer {
    form: Form,
    output: Output,
}

enum Form {
    /// As tcpdump prints them.
    Text(Box<Dissector>),
    /// An object a line.
    Json(Box<JsonLines>),
}

impl Printer {
    /// The printer that a request asks for; none where packets are only written or counted.
    pub(crate) fn new(request: &Request) -> Result<Option<Printer>, Failure> {
        if !request.prints() {
            return Ok(None);
        }
        let dissector = Dissector::new(request.print.clone(), names::of(request));
        let form = if request.json {
            Form::Json(Box::new(JsonLines::new(dissector, request.print.precision)))
        } else {
            Form::Text(Box::new(dissector))
        };
        // Packets and text that share standard output stay in order only if both leave at once.
        let each_packet = request.line_buffered || request.packet_buffered || request.writes_to_stdout();
        Ok(Some(Printer { form, output: Output::new(each_packet)? }))
    }

    /// Fails if packets of this kind cannot be printed, not even as bytes.
    pub(crate) fn require(&self, properties: &Properties) -> Result<(), Failure> {
        let accepts = match &self.form {
            Form::Text(dissector) => dissector.accepts(properties.link),
            Form::Json(json) => json.accepts(properties.link),
        };
        if accepts {
            return Ok(());
        }
        Err(Failure::message(format!("unknown data link type {}", properties.link_number)))
    }

    /// Names the interface of each packet, if there are several.
    pub(crate) fn show_interfaces(&mut self, interfaces: &[Interface]) {
        if interfaces.len() < 2 {
            return;
        }
        let names: Vec<String> =
            interfaces.iter().map(|interface| interface.name.clone().unwrap_or_default()).collect();
        match &mut self.form {
            Form::Text(dissector) => dissector.show_interfaces(&names),
            Form::Json(json) => json.show_interfaces(&names),
        }
    }

    /// Prints a packet.
    #[inline]
    pub(crate) fn print(&mut self, packet: &Packet<'_>, number: u64) -> Result<(), Failure> {
        let length = match &mut self.form {
            Form::Text(dissector) => {
                dissector.print(packet, number);
                dissector.text().len()
            }
            Form::Json(json) => {
                json.print(packet, number);
                json.len()
            }
        };
        if self.output.due(length) { self.flush() } else { Ok(()) }
    }

    /// What text is made and written with; `None` where the form is JSON.
    pub(crate) fn text_parts(&mut self) -> Option<(&mut Dissector, &mut Output)> {
        match &mut self.form {
            Form::Text(dissector) => Some((dissector, &mut self.output)),
            Form::Json(_) => None,
        }
    }

    /// Writes out all that was printed.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        match &mut self.form {
            Form::Text(dissector) => {
                self.output.write(dissector.text())?;
                dissector.clear();
            }
            Form::Json(json) => json.take(|text| self.output.write(text))?,
        }
        Ok(())
    }
}
