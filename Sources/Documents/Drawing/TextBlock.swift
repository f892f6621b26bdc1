internal import CCairo

/// A text set in a style to a width: broken into lines, measured, ready to be drawn whole or line by line.
final class TextBlock {
    private struct Line {
        let pointer: UnsafeMutablePointer<PangoLayoutLine>
        let x: Double
        let top: Double
        let baseline: Double
        let bottom: Double
    }

    private let layout: OpaquePointer
    private let lines: [Line]
    private let ink: Ink

    /// Any text will do: what cannot be drawn (control characters) becomes a space, and a word that is too long breaks.
    init(_ text: String, _ style: TextStyle, width: Double, context: OpaquePointer) {
        layout = pango_layout_new(context)
        ink = style.ink
        let font = style.fontDescription
        pango_layout_set_font_description(layout, font)
        pango_font_description_free(font)
        let attributes = style.attributes
        pango_layout_set_attributes(layout, attributes)
        pango_attr_list_unref(attributes)
        pango_layout_set_width(layout, Int32((max(1, width) * ccairo_pango_scale).rounded()))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_line_spacing(layout, Float(style.leading))
        switch style.side {
        case .left: pango_layout_set_alignment(layout, PANGO_ALIGN_LEFT)
        case .center: pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER)
        case .right: pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT)
        }
        pango_layout_set_text(layout, PrintableText.of(text), -1)
        lines = Self.lines(of: layout)
    }

    deinit { ccairo_unref(UnsafeMutableRawPointer(layout)) }

    var lineCount: Int { lines.count }
    var height: Double { height(of: 0..<lineCount) }

    func height(of range: Range<Int>) -> Double {
        guard let first = lines[range].first, let last = lines[range].last else { return 0 }
        return last.bottom - first.top
    }

    /// How many lines from `start` on fit into a height.
    func count(from start: Int, fitting height: Double) -> Int {
        var end = start
        while end < lineCount, self.height(of: start..<end + 1) <= height { end += 1 }
        return end - start
    }

    func draw(_ range: Range<Int>, x: Double, y: Double, on cairo: OpaquePointer) {
        guard let first = lines[range].first else { return }
        cairo_set_source_rgb(cairo, ink.red, ink.green, ink.blue)
        for line in lines[range] {
            cairo_move_to(cairo, x + line.x, y + line.baseline - first.top)
            pango_cairo_show_layout_line(cairo, line.pointer)
        }
    }

    private static func lines(of layout: OpaquePointer) -> [Line] {
        var lines: [Line] = []
        let iterator = pango_layout_get_iter(layout)
        defer { pango_layout_iter_free(iterator) }
        repeat {
            guard let pointer = pango_layout_iter_get_line_readonly(iterator) else { break }
            var extents = PangoRectangle()
            pango_layout_iter_get_line_extents(iterator, nil, &extents)
            let baseline = Double(pango_layout_iter_get_baseline(iterator))
            let top = Double(extents.y)
            lines.append(
                Line(
                    pointer: pointer, x: Double(extents.x) / ccairo_pango_scale, top: top / ccairo_pango_scale,
                    baseline: baseline / ccairo_pango_scale,
                    bottom: (top + Double(extents.height)) / ccairo_pango_scale))
        } while pango_layout_iter_next_line(iterator) != 0
        return lines
    }
}
