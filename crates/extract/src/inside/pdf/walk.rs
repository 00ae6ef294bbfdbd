//! Walks through the drawing operations of a page and writes down the text that is shown, with
//! line ends and blanks where the page has gaps.

use std::collections::{BTreeMap, HashMap};

use lopdf::{
    Dictionary, Document, Object, ObjectId, Result,
    content::{Content, Operation},
};

use super::{MAX_STREAM, font::Font, matrix::Matrix};

/// Forms may hold forms.
const MAX_DEPTH: usize = 8;

/// A gap of this part of the letters' height is a blank.
const BLANK: f32 = 0.2;

/// A step of this part of the letters' height leads to another line, or another paragraph.
const LINE: f32 = 0.5;
const PARAGRAPH: f32 = 1.9;

pub(super) fn page(document: &Document, page: ObjectId) -> Result<String> {
    let mut walker = Walker::default();
    let content = document.get_page_content_with_limit(page, MAX_STREAM)?;
    let (own, inherited) = document.get_page_resources(page)?;
    let inherited = inherited.iter().filter_map(|id| document.get_dictionary(*id).ok());
    let resources: Vec<&Dictionary> = own.into_iter().chain(inherited).collect();
    walker.stream(document, &resources, &content, 0)?;
    Ok(walker.text)
}

/// What `q` saves and `Q` restores.
#[derive(Clone)]
struct State {
    page: Matrix,
    font: Vec<u8>,
    size: f32,
    leading: f32,
    letter_space: f32,
    word_space: f32,
    stretch: f32,
}

struct Walker {
    state: State,
    saved: Vec<State>,
    /// Where the next glyph goes, and where its line began.
    place: Matrix,
    line: Matrix,
    /// Where the last glyph ended.
    end: Option<(f32, f32)>,
    text: String,
}

impl Default for Walker {
    fn default() -> Self {
        let state = State {
            page: Matrix::IDENTITY,
            font: Vec::new(),
            size: 1.0,
            leading: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
        };
        Self {
            state,
            saved: Vec::new(),
            place: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            end: None,
            text: String::new(),
        }
    }
}

type Fonts<'a> = HashMap<Vec<u8>, Font<'a>>;

impl Walker {
    fn stream(
        &mut self,
        document: &Document,
        resources: &[&Dictionary],
        content: &[u8],
        depth: usize,
    ) -> Result<()> {
        let mut fonts = Fonts::new();
        for (name, font) in entries(document, resources, b"Font") {
            if let Ok(font) = font.as_dict() {
                fonts.insert(name.to_vec(), Font::new(document, font));
            }
        }
        let forms: BTreeMap<_, _> = entries(document, resources, b"XObject").collect();
        for operation in Content::decode_iter(content) {
            let operation = operation?;
            if operation.operator != "Do" {
                self.operation(&operation, &fonts);
                continue;
            }
            let name = operation.operands.first().and_then(|name| name.as_name().ok());
            let form = name.and_then(|name| forms.get(name));
            if let Some(form) = form.filter(|_| depth < MAX_DEPTH) {
                self.form(document, resources, form, depth)?;
            }
        }
        Ok(())
    }

    fn form(
        &mut self,
        document: &Document,
        resources: &[&Dictionary],
        form: &Object,
        depth: usize,
    ) -> Result<()> {
        let Ok(form) = form.as_stream() else { return Ok(()) };
        if form.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Form") {
            return Ok(());
        }
        let content = form.get_plain_content_with_limit(MAX_STREAM)?;
        let own = document.get_dict_in_dict(&form.dict, b"Resources").ok();
        let own = own.map(|own| vec![own]);
        let before = self.state.clone();
        let matrix = form.dict.get_deref(b"Matrix", document).and_then(Object::as_array);
        if let Some(matrix) = matrix.ok().and_then(|it| Matrix::of(it)) {
            self.state.page = matrix.then(self.state.page);
        }
        let saved = std::mem::take(&mut self.saved);
        self.stream(document, own.as_deref().unwrap_or(resources), &content, depth + 1)?;
        self.saved = saved;
        self.state = before;
        Ok(())
    }

    fn operation(&mut self, operation: &Operation, fonts: &Fonts<'_>) {
        let operands = operation.operands.as_slice();
        let number = |at: usize| operands.get(at).and_then(|it| it.as_float().ok()).unwrap_or(0.0);
        match operation.operator.as_str() {
            "q" => self.saved.push(self.state.clone()),
            "Q" => self.state = self.saved.pop().unwrap_or_else(|| self.state.clone()),
            "cm" => {
                if let Some(matrix) = Matrix::of(operands) {
                    self.state.page = matrix.then(self.state.page);
                }
            }
            "BT" => self.go_to(Matrix::IDENTITY),
            "Tf" => {
                let name = operands.first().and_then(|name| name.as_name().ok());
                self.state.font = name.unwrap_or_default().to_vec();
                self.state.size = number(1);
            }
            "TL" => self.state.leading = number(0),
            "Tc" => self.state.letter_space = number(0),
            "Tw" => self.state.word_space = number(0),
            "Tz" => self.state.stretch = number(0) / 100.0,
            "Tm" => self.go_to(Matrix::of(operands).unwrap_or(Matrix::IDENTITY)),
            "Td" => self.move_line(number(0), number(1)),
            "TD" => {
                self.state.leading = -number(1);
                self.move_line(number(0), number(1));
            }
            "T*" => self.move_line(0.0, -self.state.leading),
            "Tj" | "TJ" => self.show(operands, fonts),
            "'" | "\"" => {
                self.move_line(0.0, -self.state.leading);
                self.show(operands, fonts);
            }
            _ => (),
        }
    }

    fn go_to(&mut self, matrix: Matrix) {
        (self.place, self.line) = (matrix, matrix);
    }

    fn move_line(&mut self, x: f32, y: f32) {
        self.go_to(Matrix::shift(x, y).then(self.line));
    }

    fn show(&mut self, operands: &[Object], fonts: &Fonts<'_>) {
        let Some(font) = fonts.get(&self.state.font) else { return };
        for operand in operands {
            match operand {
                Object::String(bytes, _) => self.glyphs(bytes, font),
                Object::Array(pieces) => {
                    for piece in pieces {
                        match (piece, piece.as_float()) {
                            (Object::String(bytes, _), _) => self.glyphs(bytes, font),
                            (_, Ok(back)) => self.advance(-back / 1000.0 * self.state.size),
                            _ => (),
                        }
                    }
                }
                _ => (),
            }
        }
    }

    fn advance(&mut self, width: f32) {
        self.place = Matrix::shift(width * self.state.stretch, 0.0).then(self.place);
    }

    fn glyphs(&mut self, bytes: &[u8], font: &Font<'_>) {
        let text = font.text(bytes);
        if text.is_empty() {
            return;
        }
        let on_page = self.place.then(self.state.page);
        self.gap(on_page.origin(), on_page);
        self.text.push_str(&text);
        let blanks = text.matches(' ').count();
        let mut width = 0.0;
        for advance in font.advances(bytes) {
            width += advance * self.state.size + self.state.letter_space;
        }
        for _ in 0..blanks {
            width += self.state.word_space;
        }
        self.advance(width);
        self.end = Some(self.place.then(self.state.page).origin());
    }

    /// Writes what lies between the last glyph and the next: nothing, a blank, or a line's end.
    fn gap(&mut self, (x, y): (f32, f32), on_page: Matrix) {
        let Some((end_x, end_y)) = self.end else { return };
        let height = (on_page.height() * self.state.size).abs().max(1.0);
        let wide = (on_page.width() * self.state.size).abs().max(1.0);
        let down = (end_y - y).abs();
        let gap = x - end_x;
        if down > height * PARAGRAPH {
            self.text.push_str("\n\n");
        } else if down > height * LINE || gap < -wide {
            self.text.push('\n');
        } else if gap > wide * BLANK && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }
}

/// What the resources call by name, the nearest first.
fn entries<'a>(
    document: &'a Document,
    resources: &[&'a Dictionary],
    kind: &'static [u8],
) -> impl Iterator<Item = (&'a [u8], &'a Object)> {
    let nearest_last = resources.iter().rev();
    let dictionaries: Vec<&Dictionary> =
        nearest_last.filter_map(|it| document.get_dict_in_dict(it, kind).ok()).collect();
    dictionaries.into_iter().flat_map(move |dictionary| {
        dictionary.iter().filter_map(|(name, object)| {
            Some((name.as_slice(), document.dereference(object).ok()?.1))
        })
    })
}
