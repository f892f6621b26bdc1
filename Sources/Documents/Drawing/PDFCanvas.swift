internal import CCairo
import Foundation

/// Draws composed pages into the bytes of a PDF file.
struct PDFCanvas {
    /// What a file says about itself.
    ///
    /// `createdAt` makes the bytes repeatable: cairo would take the clock.
    struct Metadata {
        let title: String
        let author: String
        let subject: String
        let createdAt: Date
    }

    /// Composes and draws a document.
    ///
    /// - Parameters:
    ///   - metadata: Title, author, subject and date of the file.
    ///   - fonts: The fonts to set it in.
    ///   - footer: Adds the foot of a page, given its number and the number of pages.
    ///   - compose: Adds the contents.
    /// - Returns: The file.
    /// - Throws: ``DocumentError`` when cairo fails.
    static func file(
        _ metadata: Metadata, fonts: FontLibrary,
        footer: (inout Composition, _ page: Int, _ pages: Int) -> Void, compose: (inout Composition) -> Void
    ) throws(DocumentError) -> [UInt8] {
        try fonts.withFontMap { map throws(DocumentError) in
            guard let context = pangoContext(map) else { throw .drawingFailed(status: "no Pango context") }
            defer { ccairo_unref(UnsafeMutableRawPointer(context)) }
            var composition = Composition(context: context)
            compose(&composition)
            return try draw(composition, metadata, footer: footer)
        }
    }

    private static func draw(
        _ composition: Composition, _ metadata: Metadata,
        footer: (inout Composition, _ page: Int, _ pages: Int) -> Void
    ) throws(DocumentError) -> [UInt8] {
        let sink = ByteSink()
        let surface = cairo_pdf_surface_create_for_stream(
            ByteSink.write, Unmanaged.passUnretained(sink).toOpaque(), Composition.width, Composition.height)
        guard let surface else { throw .drawingFailed(status: "no surface") }
        defer { cairo_surface_destroy(surface) }
        describe(surface, metadata)
        guard let cairo = cairo_create(surface) else { throw .drawingFailed(status: "no context") }
        for (index, marks) in composition.pages.enumerated() {
            var foot = Composition(context: composition.context)
            footer(&foot, index + 1, composition.pages.count)
            for mark in marks { draw(mark, on: cairo) }
            for mark in foot.pages.joined() { draw(mark, on: cairo) }
            cairo_show_page(cairo)
        }
        let drawn = cairo_status(cairo)
        cairo_destroy(cairo)
        cairo_surface_finish(surface)
        let finished = cairo_surface_status(surface)
        for status in [drawn, finished] where status != CAIRO_STATUS_SUCCESS {
            throw .drawingFailed(status: String(cString: cairo_status_to_string(status)))
        }
        return withExtendedLifetime(sink) { sink.bytes }
    }

    private static func draw(_ mark: Composition.Mark, on cairo: OpaquePointer) {
        switch mark {
        case .begin(let tag): cairo_tag_begin(cairo, tag.rawValue, "")
        case .end(let tag): cairo_tag_end(cairo, tag.rawValue)
        case .text(let block, let lines, let x, let y): block.draw(lines, x: x, y: y, on: cairo)
        case .fill(let x, let y, let width, let height, let ink):
            cairo_set_source_rgb(cairo, ink.red, ink.green, ink.blue)
            cairo_rectangle(cairo, x, y, width, height)
            cairo_fill(cairo)
        case .frame(let x, let y, let width, let height, let ink):
            cairo_set_source_rgb(cairo, ink.red, ink.green, ink.blue)
            cairo_set_line_width(cairo, 1.5)
            cairo_rectangle(cairo, x, y, width, height)
            cairo_stroke(cairo)
        }
    }

    private static func pangoContext(_ map: FontMap) -> OpaquePointer? {
        guard let context = pango_font_map_create_context(map.pointer) else { return nil }
        // Paper has no pixels: letters stand where the font wants them.
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(context, options)
        cairo_font_options_destroy(options)
        pango_context_set_round_glyph_positions(context, 0)
        // Else Pango would take the language from the environment.
        pango_context_set_language(context, pango_language_from_string("en-us"))
        return context
    }

    private static func describe(_ surface: OpaquePointer, _ metadata: Metadata) {
        cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5)
        let date = metadata.createdAt.formatted(.iso8601)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, PrintableText.line(metadata.title))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, PrintableText.line(metadata.author))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, PrintableText.line(metadata.subject))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Drizzl")
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date)
    }
}
