//! The folder of a trail: the names of what is in it, and how it is written so that a crash leaves it whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::TrailError;

/// What is recorded is for its owner's eyes.
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

const LEDGER: &str = "ledger";
const LOCK: &str = "lock";
const SEGMENT: &str = ".pcapng.zst";
const INDEX: &str = ".index";
/// A segment that is not sealed, or a file that is not yet complete.
const PART: &str = ".part";

/// What a name in the folder stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Segment(u64),
    Index(u64),
    Unsealed(u64),
    /// The ledger, the lock, and what was being written when a crash came.
    Own,
    Foreign,
}

/// The folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(crate) fn new(path: &Path) -> Folder {
        Folder { path: path.to_owned() }
    }

    /// Makes the folder where it is missing.
    pub(crate) fn make(&self) -> Result<(), TrailError> {
        let made = fs::DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(&self.path);
        made.map_err(TrailError::file(&self.path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path.join(LEDGER)
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.path.join(LOCK)
    }

    pub(crate) fn segment(&self, number: u64) -> PathBuf {
        self.numbered(number, SEGMENT)
    }

    pub(crate) fn index(&self, number: u64) -> PathBuf {
        self.numbered(number, INDEX)
    }

    pub(crate) fn unsealed(&self, number: u64) -> PathBuf {
        self.numbered(number, PART)
    }

    fn numbered(&self, number: u64, suffix: &str) -> PathBuf {
        self.path.join(format!("{number:010}{suffix}"))
    }

    /// All names in the folder, in the order of the alphabet, and what they stand for.
    pub(crate) fn list(&self) -> Result<Vec<(PathBuf, Kind)>, TrailError> {
        let entries = fs::read_dir(&self.path).map_err(TrailError::file(&self.path))?;
        let mut list = Vec::new();
        for entry in entries {
            let path = entry.map_err(TrailError::file(&self.path))?.path();
            let kind = path.file_name().and_then(|name| name.to_str()).map_or(Kind::Foreign, kind);
            list.push((path, kind));
        }
        list.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(list)
    }

    /// Creates a file that is there for nobody else, in the place of one that may be there.
    pub(crate) fn create(path: &Path) -> Result<File, TrailError> {
        let options = &mut OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true).mode(FILE_MODE);
        options.open(path).map_err(TrailError::file(path))
    }

    /// Opens a file to read and write, as it is or new.
    pub(crate) fn open(path: &Path) -> Result<File, TrailError> {
        let options = &mut OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(FILE_MODE);
        options.open(path).map_err(TrailError::file(path))
    }

    /// Puts a file with these bytes in place, whole or not at all.
    pub(crate) fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), TrailError> {
        let mut name = path.as_os_str().to_owned();
        name.push(PART);
        let part = PathBuf::from(name);
        let mut file = Folder::create(&part)?;
        if let Err(error) = file.write_all(bytes).and_then(|()| file.sync_all()) {
            // On a full disk the half of it would only take room.
            let _ = fs::remove_file(&part);
            return Err(TrailError::file(&part)(error));
        }
        self.rename(&part, path)
    }

    /// Renames a file for good.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> Result<(), TrailError> {
        fs::rename(from, to).map_err(TrailError::file(to))?;
        self.sync()
    }

    /// Removes a file that may be there.
    pub(crate) fn remove(path: &Path) -> Result<(), TrailError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(TrailError::file(path)(error)),
            _ => Ok(()),
        }
    }

    /// Has the folder's names on disk.
    pub(crate) fn sync(&self) -> Result<(), TrailError> {
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(TrailError::file(&self.path))
    }
}

fn kind(name: &str) -> Kind {
    let number = |suffix: &str| {
        let digits = name.strip_suffix(suffix)?;
        let plain = digits.len() >= 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| plain)
    };
    if let Some(number) = number(SEGMENT) {
        return Kind::Segment(number);
    }
    if let Some(number) = number(INDEX) {
        return Kind::Index(number);
    }
    if let Some(number) = number(PART) {
        return Kind::Unsealed(number);
    }
    let is_own = name == LEDGER
        || name == LOCK
        || name.strip_suffix(PART).is_some_and(|name| name == LEDGER || matches!(kind(name), Kind::Index(_)));
    if is_own { Kind::Own } else { Kind::Foreign }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let folder = Folder::new(Path::new("trail"));
        let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(kind(&name(folder.segment(7))), Kind::Segment(7));
        assert_eq!(kind(&name(folder.index(7))), Kind::Index(7));
        assert_eq!(kind(&name(folder.unsealed(12_345_678_901))), Kind::Unsealed(12_345_678_901));
        assert_eq!(kind("ledger"), Kind::Own);
        assert_eq!(kind("0000000007.index.part"), Kind::Own);
        for foreign in ["notes.txt", "7.index", "0000000007.pcapng", "+000000007.part"] {
            assert_eq!(kind(foreign), Kind::Foreign, "{foreign}");
        }
    }
}
