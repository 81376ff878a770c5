//! Writes YAML with Helm's actions in it. Indentation is kept here and nowhere else.

use crate::registry::Registry;

use super::expr;

/// A template being written.
pub(crate) struct Yaml<'r> {
    registry: &'r Registry,
    text: String,
    indent: usize,
    /// The next line is the first of a list's item.
    dash: bool,
}

impl<'r> Yaml<'r> {
    /// An empty template.
    pub(crate) fn new(registry: &'r Registry) -> Self {
        Self { registry, text: String::new(), indent: 0, dash: false }
    }

    /// What has been written.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// One line as it is.
    pub(crate) fn line(&mut self, line: &str) {
        let dash = std::mem::take(&mut self.dash);
        let width = if dash { self.indent - 2 } else { self.indent };
        self.text.push_str(&" ".repeat(width));
        if dash {
            self.text.push_str("- ");
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// `key: text`
    pub(crate) fn pair(&mut self, key: &str, text: impl AsRef<str>) {
        self.line(&format!("{key}: {}", text.as_ref()));
    }

    /// `key:` and the value at this path, printed as its type demands.
    pub(crate) fn value(&mut self, key: &str, path: &str) {
        let text = expr::plain(self.registry, path);
        self.pair(key, text);
    }

    /// `key:` with what follows below it.
    pub(crate) fn map(&mut self, key: &str, body: impl FnOnce(&mut Self)) {
        self.line(&format!("{key}:"));
        self.nested(body);
    }

    /// One item of a list.
    pub(crate) fn item(&mut self, body: impl FnOnce(&mut Self)) {
        self.indent += 2;
        self.dash = true;
        body(self);
        self.indent -= 2;
    }

    /// One item that is a single text.
    pub(crate) fn entry(&mut self, text: &str) {
        self.line(&format!("- {text}"));
    }

    /// A list of words: on one line if they fit, else one below the other.
    pub(crate) fn words(&mut self, key: &str, words: &[&str]) {
        let line = format!("{key}: [{}]", words.join(", "));
        if self.indent + line.len() <= 110 {
            self.line(&line);
        } else {
            self.map(key, |yaml| words.iter().copied().for_each(|word| yaml.entry(word)));
        }
    }

    /// A comment that stays in the rendered object.
    pub(crate) fn comment(&mut self, text: &str) {
        self.line(&format!("# {text}"));
    }

    /// What is there only if the condition holds.
    pub(crate) fn when(&mut self, condition: &str, body: impl FnOnce(&mut Self)) {
        self.action(&format!("if {condition}"));
        body(self);
        self.action("end");
    }

    /// What is there only if the condition holds; without a condition always.
    pub(crate) fn when_some(&mut self, condition: Option<&str>, body: impl FnOnce(&mut Self)) {
        match condition {
            Some(condition) => self.when(condition, body),
            None => body(self),
        }
    }

    /// One of two.
    pub(crate) fn either(
        &mut self,
        condition: &str,
        yes: impl FnOnce(&mut Self),
        no: impl FnOnce(&mut Self),
    ) {
        self.action(&format!("if {condition}"));
        yes(self);
        self.action("else");
        no(self);
        self.action("end");
    }

    /// `{{- action }}` on a line of its own.
    pub(crate) fn action(&mut self, action: &str) {
        self.line(&format!("{{{{- {action} }}}}"));
    }

    /// A helper's text at this indentation.
    pub(crate) fn include(&mut self, helper: &str, argument: &str) {
        let width = self.indent;
        self.action(&format!("include \"{helper}\" {argument} | nindent {width}"));
    }

    /// A piece of Kubernetes' own language that the user may give; the key is left out if he does not.
    pub(crate) fn fragment(&mut self, key: &str, path: &str) {
        self.fragment_of(key, &format!(".Values.{path}"));
    }

    /// The same for what an expression puts together.
    pub(crate) fn fragment_of(&mut self, key: &str, expression: &str) {
        self.action(&format!("with {expression}"));
        self.map(key, |yaml| yaml.dump("."));
        self.action("end");
    }

    /// A text that the user may give; the key is left out if he does not.
    pub(crate) fn text(&mut self, key: &str, path: &str) {
        self.action(&format!("with .Values.{path}"));
        self.pair(key, "{{ . | quote }}");
        self.action("end");
    }

    /// What the user gives in place of all that the body writes.
    pub(crate) fn instead(&mut self, path: &str, body: impl FnOnce(&mut Self)) {
        self.action(&format!("with .Values.{path}"));
        self.dump(".");
        self.action("else");
        body(self);
        self.action("end");
    }

    /// More entries that the user may give, in a map or list that already has some.
    pub(crate) fn more(&mut self, path: &str) {
        self.more_of(&format!(".Values.{path}"));
    }

    /// The same for what an expression puts together.
    pub(crate) fn more_of(&mut self, expression: &str) {
        self.action(&format!("with {expression}"));
        self.dump(".");
        self.action("end");
    }

    /// The expression, which is YAML already, at this indentation.
    pub(crate) fn lines(&mut self, expression: &str) {
        let width = self.indent;
        self.action(&format!("{expression} | trim | nindent {width}"));
    }

    /// The expression as YAML at this indentation.
    pub(crate) fn dump(&mut self, expression: &str) {
        let width = self.indent;
        self.action(&format!("toYaml {expression} | nindent {width}"));
    }

    /// Text of another language, as a block below its key.
    pub(crate) fn block(&mut self, key: &str, text: &str) {
        self.line(&format!("{key}: |"));
        self.nested(|yaml| {
            for line in text.lines() {
                if line.is_empty() { yaml.text.push('\n') } else { yaml.line(line) }
            }
        });
    }

    /// `key:` with what follows below it, which may fail.
    pub(crate) fn map_with<T>(&mut self, key: &str, body: impl FnOnce(&mut Self) -> T) -> T {
        self.line(&format!("{key}:"));
        self.indented(body)
    }

    /// What the body writes, one level deeper.
    pub(crate) fn indented<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> T {
        self.indent += 2;
        let outcome = body(self);
        self.indent -= 2;
        outcome
    }

    /// A script as an item of a list.
    pub(crate) fn script(&mut self, text: &str) {
        self.line("|");
        for line in text.lines() {
            self.line(line);
        }
    }

    fn nested(&mut self, body: impl FnOnce(&mut Self)) {
        self.indent += 2;
        body(self);
        self.indent -= 2;
    }
}
