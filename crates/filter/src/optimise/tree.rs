//! A tree of dominators: what must come before a thing, in the order in which it comes.

/// Stands for "none" among parents.
const NONE: usize = usize::MAX;

/// A forest whose members are added parents first.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    parent: Vec<usize>,
    depth: Vec<usize>,
    /// An ancestor farther up, so that finding common ancestors takes few steps (Myers, 1983).
    jump: Vec<usize>,
    /// Members in the order in which they were added.
    members: Vec<usize>,
    /// A member's place in a walk from the roots, and how many places it and its descendants take.
    place: Vec<usize>,
    size: Vec<usize>,
}

impl Tree {
    /// A forest for members with numbers below `count`.
    pub(super) fn new(count: usize) -> Tree {
        Tree {
            parent: vec![NONE; count],
            depth: vec![0; count],
            jump: vec![NONE; count],
            members: Vec::with_capacity(count),
            place: vec![0; count],
            size: vec![0; count],
        }
    }

    /// Adds a member below its parent, or as a root.
    pub(super) fn add(&mut self, member: usize, parent: Option<usize>) {
        let parent = parent.unwrap_or(NONE);
        let above = get(&self.jump, parent);
        let even = self.depth_of(parent) - self.depth_of(above)
            == self.depth_of(above) - self.depth_of(get(&self.jump, above));
        let jump = if even && above != NONE { get(&self.jump, above) } else { parent };
        set(&mut self.jump, member, jump);
        let depth = self.depth_of(parent) + 1;
        set(&mut self.parent, member, parent);
        set(&mut self.depth, member, depth);
        self.members.push(member);
    }

    /// The nearest that is above both, or one of them.
    pub(super) fn common(&self, one: Option<usize>, other: Option<usize>) -> Option<usize> {
        let (mut low, mut high) = (one.unwrap_or(NONE), other.unwrap_or(NONE));
        if self.depth_of(low) < self.depth_of(high) {
            (low, high) = (high, low);
        }
        while self.depth_of(low) > self.depth_of(high) {
            let far = get(&self.jump, low);
            low = if self.depth_of(far) >= self.depth_of(high) { far } else { get(&self.parent, low) };
        }
        while low != high {
            let (far, other_far) = (get(&self.jump, low), get(&self.jump, high));
            (low, high) = if far == other_far {
                (get(&self.parent, low), get(&self.parent, high))
            } else {
                (far, other_far)
            };
        }
        (low != NONE).then_some(low)
    }

    /// Ends the adding: from now on [`Tree::is_above`] answers.
    pub(super) fn close(&mut self) {
        for &member in self.members.iter().rev() {
            let size = get(&self.size, member) + 1;
            set(&mut self.size, member, size);
            let parent = get(&self.parent, member);
            if let Some(entry) = self.size.get_mut(parent) {
                *entry += size;
            }
        }
        // The next free place below each member, and among the roots.
        let mut free = vec![0; self.parent.len()];
        let mut free_root = 0;
        for &member in &self.members {
            let parent = get(&self.parent, member);
            let place = free.get_mut(parent).unwrap_or(&mut free_root);
            set(&mut self.place, member, *place);
            *place += get(&self.size, member);
            let below = get(&self.place, member) + 1;
            set(&mut free, member, below);
        }
    }

    /// Whether a member is above another one, or the same.
    pub(super) fn is_above(&self, high: usize, low: usize) -> bool {
        let (place, size) = (get(&self.place, high), get(&self.size, high));
        let other = get(&self.place, low);
        size != 0 && get(&self.size, low) != 0 && place <= other && other < place + size
    }

    /// A member's place in a walk from the roots.
    pub(super) fn place(&self, member: usize) -> usize {
        get(&self.place, member)
    }

    /// Whether there is anything below a member.
    pub(super) fn has_descendants(&self, member: usize) -> bool {
        get(&self.size, member) > 1
    }

    /// Roots have depth 1, so that "none" can have 0.
    fn depth_of(&self, member: usize) -> usize {
        self.depth.get(member).copied().unwrap_or(0)
    }
}

fn get(of: &[usize], member: usize) -> usize {
    of.get(member).copied().unwrap_or(NONE)
}

fn set(of: &mut [usize], member: usize, value: usize) {
    if let Some(entry) = of.get_mut(member) {
        *entry = value;
    }
}
