public import Foundation
internal import Mustache

/// The mails' words: for each, a subject, a plain text and an HTML form, compiled and checked at the start.
///
/// A folder `<name>` with `subject.mustache`, `text.mustache` and `html.mustache` is a template; any other file can be
/// included by its path without `.mustache`. Values are escaped in HTML and are raw elsewhere.
public struct MailTemplates: Sendable {
    private let html: MustacheLibrary
    private let plain: MustacheLibrary
    /// The names of the templates, sorted.
    public let names: [String]

    /// Loads and compiles all templates of a folder.
    ///
    /// - Parameter directory: The folder, such as `templates/email`.
    /// - Throws: ``TemplateError/broken(_:)`` with every fault of every file.
    public init(directory: URL) throws(TemplateError) {
        let sources = try TemplateFolder.sources(in: directory)
        let partials = Set(sources.map { TemplateFolder.name(of: $0.file) })
        var faults = TemplateFolder.incomplete(sources)
        var html = MustacheLibrary()
        var plain = MustacheLibrary()
        for source in sources {
            faults += source.faults(partials: partials)
            let name = TemplateFolder.name(of: source.file)
            do {
                html.register(try MustacheTemplate(string: source.text), named: name)
                // The library writes HTML unless told otherwise, and forgets it in each included file.
                plain.register(try MustacheTemplate(string: "{{%CONTENT_TYPE:TEXT}}\n" + source.text), named: name)
            } catch {
                faults.append(TemplateFolder.fault(error, in: source))
            }
        }
        guard faults.isEmpty else { throw .broken(faults.sorted { ($0.file, $0.line) < ($1.file, $1.line) }) }
        (self.html, self.plain) = (html, plain)
        names = sources.filter { $0.file.hasSuffix("/subject.mustache") }.map {
            String($0.file.dropLast("/subject.mustache".count))
        }.sorted()
    }

    /// Fills a template.
    ///
    /// - Parameters:
    ///   - name: The template's name, such as `invoice_issued`.
    ///   - values: A value for every name that the template shows, ``TemplateValue/absent`` included.
    /// - Returns: Subject, text and HTML.
    /// - Throws: ``TemplateError/unknown(name:)`` or ``TemplateError/missingValues(template:keys:)``.
    public func fill(_ name: String, with values: [String: TemplateValue]) throws(TemplateError) -> FilledTemplate {
        let missing = TemplateScope.Missing()
        let scope = TemplateScope(values: values, missing: missing)
        guard
            let subject = plain.render(scope, withTemplate: "\(name)/subject"),
            let text = plain.render(scope, withTemplate: "\(name)/text"),
            let page = html.render(scope, withTemplate: "\(name)/html")
        else { throw .unknown(name: name) }
        guard missing.keys.isEmpty else { throw .missingValues(template: name, keys: missing.keys.sorted()) }
        return FilledTemplate(subject: PrintableText.line(subject), text: Self.tidied(text), html: page)
    }

    /// Without the holes that sections leave when they show nothing.
    private static func tidied(_ text: String) -> String {
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if !line.isEmpty || lines.last?.isEmpty == false { lines.append(line) }
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }
}
