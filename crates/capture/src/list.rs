//! Lists of capture files, as `-V` takes them.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use crate::ReadError;

/// The longest name of a file, in bytes; what a list has beyond it on a line is taken for the next name.
const NAME_MAXIMUM_LEN: u64 = 4096;

/// A list of file names, one a line, read as it is worked through.
///
/// A name is all of its line, blanks included; an empty line is an empty name, which no file has.
pub struct FileList {
    lines: BufReader<Box<dyn Read + Send>>,
    next: Option<PathBuf>,
}

impl FileList {
    /// Opens the list at `path`, or on standard input when that is `-`. A list without a name is an error.
    pub fn open(path: &Path) -> Result<FileList, ReadError> {
        let opened = if path == Path::new("-") {
            io::stdin().as_fd().try_clone_to_owned().map(File::from)
        } else {
            File::open(path)
        };
        FileList::new(Box::new(opened.map_err(ReadError::OpenList)?), path)
    }

    /// Reads a list that is called `path` in messages.
    pub fn new(input: Box<dyn Read + Send>, path: &Path) -> Result<FileList, ReadError> {
        let mut list = FileList { lines: BufReader::new(input), next: None };
        list.next = list.line();
        match list.next {
            Some(_) => Ok(list),
            None => Err(ReadError::EmptyList(path.display().to_string())),
        }
    }

    /// The next line. One that cannot be read ends the list.
    fn line(&mut self) -> Option<PathBuf> {
        let mut line = Vec::new();
        let count = self.lines.by_ref().take(NAME_MAXIMUM_LEN).read_until(b'\n', &mut line).ok()?;
        if count == 0 {
            return None;
        }
        // A name ends at a zero byte too: nothing behind it could be opened.
        let end = line.iter().position(|byte| matches!(byte, b'\n' | 0)).unwrap_or(line.len());
        line.truncate(end);
        Some(PathBuf::from(OsString::from_vec(line)))
    }
}

impl Iterator for FileList {
    type Item = PathBuf;

    fn next(&mut self) -> Option<PathBuf> {
        let line = self.line();
        std::mem::replace(&mut self.next, line)
    }
}
