//! Finds literal assignments at the start of a line in Python source.

use std::iter::Peekable;
use std::str::Chars;

/// The literals that a revision file assigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// `None`.
    None,
    /// A string.
    One(String),
    /// A tuple or list of strings.
    Many(Vec<String>),
}

impl Value {
    pub(crate) fn into_list(self) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::One(text) => vec![text],
            Self::Many(list) => list,
        }
    }
}

/// The assignments to `names`, in their order. An error names its line.
pub(crate) fn assignments<'n>(source: &str, names: &[&'n str]) -> Result<Vec<(&'n str, Value)>, String> {
    let mut scanner = Scanner { rest: source.chars().peekable(), line: 1 };
    let mut found = Vec::new();
    let result = scanner.file(names, &mut found);
    result.map(|()| found).map_err(|problem| format!("{problem} (line {})", scanner.line))
}

struct Scanner<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
}

impl Scanner<'_> {
    /// Statement by statement; only those that start in the first column can be what we look for.
    fn file<'n>(&mut self, names: &[&'n str], found: &mut Vec<(&'n str, Value)>) -> Result<(), String> {
        while self.rest.peek().is_some() {
            let word = self.word();
            if let Some(name) = names.iter().find(|name| **name == word)
                && self.assigned()?
            {
                let value = self.value()?;
                self.end_of_statement()?;
                found.push((name, value));
            } else {
                self.skip_statement()?;
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        if next == Some('\n') {
            self.line += 1;
        }
        next
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
            word.push(c);
        }
        word
    }

    fn blanks(&mut self) {
        while self.rest.next_if(|c| matches!(c, ' ' | '\t' | '\r')).is_some() {}
    }

    /// Blanks, line breaks and comments, as they may stand inside brackets.
    fn filler(&mut self) {
        loop {
            match self.rest.peek() {
                Some(c) if c.is_whitespace() => {
                    self.next();
                }
                Some('#') => self.comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self) {
        while self.rest.next_if(|c| *c != '\n').is_some() {}
    }

    /// Passes an annotation and the equals sign; false if this is no assignment.
    fn assigned(&mut self) -> Result<bool, String> {
        self.blanks();
        if self.rest.next_if_eq(&':').is_some() {
            while self.rest.peek().is_some_and(|c| !matches!(c, '=' | '\n' | '#')) {
                if !self.string()? {
                    self.next();
                }
            }
        }
        Ok(self.rest.next_if_eq(&'=').is_some() && self.rest.peek() != Some(&'='))
    }

    fn value(&mut self) -> Result<Value, String> {
        self.blanks();
        let close = match self.rest.peek().copied() {
            Some('(') => ')',
            Some('[') => ']',
            Some('\'' | '"') => return Ok(Value::One(self.text()?)),
            _ if self.word() == "None" => return Ok(Value::None),
            _ => return Err("the value is not a plain string, tuple or None".to_owned()),
        };
        self.next();
        let (mut list, mut commas) = (Vec::new(), 0);
        loop {
            self.filler();
            match self.rest.peek() {
                Some(c) if *c == close => {
                    self.next();
                    break;
                }
                Some('\'' | '"') if list.len() == commas => list.push(self.text()?),
                Some(',') if list.len() == commas + 1 => {
                    self.next();
                    commas += 1;
                }
                _ => return Err("the list is not one of plain strings".to_owned()),
            }
        }
        // Brackets around a single string are only brackets.
        match (close, commas, list.pop()) {
            (')', 0, Some(text)) => Ok(Value::One(text)),
            (_, _, end) => {
                list.extend(end);
                Ok(Value::Many(list))
            }
        }
    }

    fn end_of_statement(&mut self) -> Result<(), String> {
        self.blanks();
        if self.rest.peek() == Some(&'#') {
            self.comment();
        }
        match self.rest.peek() {
            None => Ok(()),
            Some('\n' | ';') => {
                self.next();
                Ok(())
            }
            Some(_) => Err("the value is not a plain string, tuple or None".to_owned()),
        }
    }

    /// To the end of the line, or of the last line if brackets or a long string span several.
    fn skip_statement(&mut self) -> Result<(), String> {
        let mut depth = 0_usize;
        while let Some(c) = self.rest.peek().copied() {
            match c {
                '\'' | '"' => {
                    self.string()?;
                    continue;
                }
                '#' => {
                    self.comment();
                    continue;
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => {
                    depth = depth.checked_sub(1).ok_or("a closing bracket without an opening one")?;
                }
                '\\' => {
                    self.next();
                }
                _ => {}
            }
            self.next();
            if c == '\n' && depth == 0 {
                return Ok(());
            }
        }
        if depth == 0 { Ok(()) } else { Err("a bracket is not closed".to_owned()) }
    }

    fn text(&mut self) -> Result<String, String> {
        let mut text = String::new();
        self.quoted(&mut text)?;
        Ok(text)
    }

    /// Passes a string if one starts here.
    fn string(&mut self) -> Result<bool, String> {
        match self.rest.peek() {
            Some('\'' | '"') => self.quoted(&mut String::new()).map(|()| true),
            _ => Ok(false),
        }
    }

    fn quoted(&mut self, into: &mut String) -> Result<(), String> {
        let Some(quote) = self.next() else { return Ok(()) };
        let mut long = false;
        if self.rest.next_if_eq(&quote).is_some() {
            if self.rest.next_if_eq(&quote).is_none() {
                return Ok(());
            }
            long = true;
        }
        let mut closing = 0;
        loop {
            match self.rest.peek().copied() {
                None => return Err("a string is not closed".to_owned()),
                Some('\n') if !long => return Err("a string is not closed".to_owned()),
                Some('\\') => {
                    self.next();
                    into.extend(self.next());
                    closing = 0;
                }
                Some(c) => {
                    self.next();
                    closing = if c == quote { closing + 1 } else { 0 };
                    if closing == if long { 3 } else { 1 } {
                        into.truncate(into.len() - if long { 2 } else { 0 });
                        return Ok(());
                    }
                    into.push(c);
                }
            }
        }
    }
}
