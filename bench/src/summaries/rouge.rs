use std::collections::HashMap;

/// How many rows of words two texts share: ROUGE-N (Lin, 2004), without stemming.
pub(super) struct Rouge {
    shared: usize,
    written: usize,
    reference: usize,
}

impl Rouge {
    /// Of rows of so many words.
    pub(super) fn of(words: usize, written: &str, reference: &str) -> Self {
        let (written, reference) = (rows(words, written), rows(words, reference));
        let shared = reference
            .iter()
            .map(|(row, count)| written.get(row).copied().unwrap_or_default().min(*count));
        Self {
            shared: shared.sum(),
            written: written.values().sum(),
            reference: reference.values().sum(),
        }
    }

    /// The harmonic mean of precision and recall, 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "texts are short")]
    pub(super) fn f1(&self) -> f64 {
        let all = self.written + self.reference;
        if all == 0 { 0.0 } else { 2.0 * self.shared as f64 / all as f64 }
    }
}

fn rows(words: usize, text: &str) -> HashMap<Vec<String>, usize> {
    let text = text.to_lowercase();
    let all: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut counts = HashMap::new();
    for row in all.windows(words) {
        *counts.entry(row.iter().map(|word| (*word).to_owned()).collect()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_rows_are_counted_as_often_as_both_have_them() {
        let close = |words, expected: f64| {
            let f1 = Rouge::of(words, "the cat and the cat", "The cat sat.").f1();
            assert!((f1 - expected).abs() < 1e-9, "{f1}");
        };
        close(1, 0.5);
        close(2, 2.0 / 6.0);
    }
}
