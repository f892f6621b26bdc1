internal import CCairo

/// How a piece of text is set.
///
/// Sizes are points.
struct TextStyle {
    enum Weight { case regular, semibold, bold }
    enum Side { case left, center, right }

    var size: Double
    var weight = Weight.regular
    var ink = Ink.text
    var side = Side.left
    /// Figures of equal width, so that amounts stand under each other.
    var tabular = false
    /// Extra space between letters, in points.
    var tracking = 0.0
    /// Distance of lines as a multiple of the font's own.
    var leading = 1.15

    func with(_ change: (inout TextStyle) -> Void) -> TextStyle {
        var copy = self
        change(&copy)
        return copy
    }

    static let letterhead = TextStyle(size: 15, weight: .bold, tracking: -0.25)
    static let title = TextStyle(size: 25, weight: .bold, side: .right, tracking: -0.6)
    static let label = TextStyle(size: 7.5, weight: .semibold, ink: .quiet, tracking: 0.45)
    static let body = TextStyle(size: 9.5)
    static let address = TextStyle(size: 9.5, leading: 1.25)
    static let small = TextStyle(size: 8.5, ink: .quiet, leading: 1.2)
    static let figure = TextStyle(size: 9.5, side: .right, tabular: true)
    static let due = TextStyle(size: 20, weight: .bold, tabular: true, tracking: -0.4)
}

extension TextStyle {
    /// The style as Pango takes it.
    ///
    /// The caller frees it.
    var fontDescription: OpaquePointer? {
        let description = pango_font_description_new()
        pango_font_description_set_family(description, "Inter")
        pango_font_description_set_size(description, Int32((size * ccairo_pango_scale).rounded()))
        switch weight {
        case .regular: pango_font_description_set_weight(description, PANGO_WEIGHT_NORMAL)
        case .semibold: pango_font_description_set_weight(description, PANGO_WEIGHT_SEMIBOLD)
        case .bold: pango_font_description_set_weight(description, PANGO_WEIGHT_BOLD)
        }
        return description
    }

    /// Tracking and font features as Pango takes them.
    ///
    /// The caller releases it.
    var attributes: OpaquePointer? {
        let list = pango_attr_list_new()
        if tracking != 0 {
            pango_attr_list_insert(list, pango_attr_letter_spacing_new(Int32(tracking * ccairo_pango_scale)))
        }
        // Pango would print a hyphen where it breaks a word, and an article number would be another.
        pango_attr_list_insert(list, pango_attr_insert_hyphens_new(0))
        if tabular { pango_attr_list_insert(list, pango_attr_font_features_new("tnum=1")) }
        return list
    }
}
