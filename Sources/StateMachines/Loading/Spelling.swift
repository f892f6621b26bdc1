/// Finds the word that was probably meant.
package enum Spelling {
    /// `; do you mean "paid"?` when a known word is nearly the same, else nothing.
    package static func advice(for text: String, among words: some Sequence<String>) -> String {
        let close = words.filter { isMisspelling(text, of: $0) }.min()
        return close.map { "; do you mean \"\($0)\"?" } ?? ""
    }

    /// One letter too many, too few, changed, or two exchanged.
    private static func isMisspelling(_ text: String, of word: String) -> Bool {
        let (left, right) = (Array(text.utf8), Array(word.utf8))
        let longest = max(left.count, right.count)
        guard abs(left.count - right.count) <= 1, longest > 2, left != right else { return false }
        let prefix = zip(left, right).prefix { $0 == $1 }.count
        let suffix = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
        if prefix + suffix >= longest - 1 { return true }
        return left.count == right.count && prefix + suffix == longest - 2 && left.sorted() == right.sorted()
    }
}
