//! What is read: a capture file, or one after the other those of a list.

use std::path::{Path, PathBuf};

use wirescope_capture::{FileList, FileReader, Mixed, ReadError, Source};

use super::options::Request;
use super::{Failure, messages};

/// A capture that is open.
pub(crate) struct Input {
    /// Its packets.
    pub(crate) source: FileReader,
    /// Its name.
    pub(crate) path: PathBuf,
}

/// The captures that a request names.
pub(crate) enum Inputs {
    /// `-r`
    One(Option<PathBuf>),
    /// `-V`
    List(FileList),
}

impl Inputs {
    /// The captures of a request; `None` if it names no file.
    pub(crate) fn open(request: &Request) -> Result<Option<Inputs>, Failure> {
        if let Some(list) = &request.read_list {
            return FileList::open(Path::new(list)).map(|list| Some(Inputs::List(list))).map_err(failure);
        }
        Ok(request.read.as_ref().map(|path| Inputs::One(Some(PathBuf::from(path)))))
    }

    /// Opens the first capture.
    pub(crate) fn first(&mut self) -> Result<Input, Failure> {
        self.next()?.ok_or_else(|| Failure::message("no capture to read"))
    }

    /// Opens the next capture, if there is one, and says so.
    pub(crate) fn next(&mut self) -> Result<Option<Input>, Failure> {
        let path = match self {
            Inputs::One(path) => path.take(),
            Inputs::List(list) => list.next(),
        };
        let Some(path) = path else { return Ok(None) };
        let source = FileReader::open(&path, Mixed::Refused).map_err(failure)?;
        messages::reading_from(&path, source.properties());
        Ok(Some(Input { source, path }))
    }
}

fn failure(error: ReadError) -> Failure {
    Failure::message(error.to_string())
}
