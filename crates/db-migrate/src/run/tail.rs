//! The last lines of what a command printed.

use std::collections::VecDeque;

/// Lines that are kept.
const LINES: usize = 12;
/// Characters of a line that are kept.
const WIDTH: usize = 300;

/// How Python begins the way to an error. The error itself is the first line after it that is not indented.
const TRACEBACK: &str = "Traceback (most recent call last)";

/// Fed with whatever pieces arrive; keeps the last whole lines, of a traceback the error alone.
#[derive(Default)]
pub(super) struct Tail {
    lines: VecDeque<String>,
    open: Vec<u8>,
    in_traceback: bool,
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
        let frame = self.in_traceback && line.starts_with(' ');
        if line.starts_with(TRACEBACK) {
            self.in_traceback = true;
        } else if !line.is_empty() && !frame {
            self.in_traceback = false;
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

    #[test]
    fn of_a_traceback_the_error_remains() {
        let mut tail = Tail::default();
        tail.feed(b"upgrading\nTraceback (most recent call last):\n  File \"x.py\", line 1, in f\n    g()\n    ~^^\n\n");
        tail.feed(b"  File \"y.py\", line 2, in g\nURLError: refused\nusage:\n  flask db\n");
        assert_eq!(tail.text(), "upgrading | URLError: refused | usage: | flask db");
    }
}
