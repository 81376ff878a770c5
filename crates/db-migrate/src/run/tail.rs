//! The last lines of what a command printed.

use std::collections::VecDeque;

/// Lines that are kept.
const LINES: usize = 12;
/// Characters of a line that are kept.
const WIDTH: usize = 300;

/// Fed with whatever pieces arrive; keeps the last whole lines.
#[derive(Default)]
pub(super) struct Tail {
    lines: VecDeque<String>,
    open: Vec<u8>,
}

impl Tail {
    pub(super) fn feed(&mut self, piece: &[u8]) {
        for byte in piece {
            if *byte == b'\n' {
                self.end_line();
            } else if self.open.len() < WIDTH * 4 {
                self.open.push(*byte);
            }
        }
    }

    fn end_line(&mut self) {
        let line = String::from_utf8_lossy(&self.open).trim_end().chars().take(WIDTH).collect::<String>();
        self.open.clear();
        if !line.trim().is_empty() {
            self.lines.push_back(line);
        }
        if self.lines.len() > LINES {
            self.lines.pop_front();
        }
    }

    /// All of it on one line.
    pub(super) fn text(mut self) -> String {
        self.end_line();
        let lines: Vec<&str> = self.lines.iter().map(|line| line.trim()).collect();
        lines.join(" | ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_remain() {
        let mut tail = Tail::default();
        for number in 0..30 {
            tail.feed(format!("line {number}\n\n").as_bytes());
        }
        tail.feed(b"  open ");
        tail.feed(b"end");
        let text = tail.text();
        assert!(text.starts_with("line 19 | line 20"), "{text}");
        assert!(text.ends_with("line 29 | open end"), "{text}");
    }
}
