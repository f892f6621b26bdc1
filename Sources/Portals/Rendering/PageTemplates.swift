import Foundation
import Mustache
public import WebAPI

/// What is wrong with the templates of the pages, or with what one of them was given.
public enum PageFault: Error, Sendable, Equatable, SafeToLog {
    /// Found at the start: every fault of every file, each as `file:line: sentence`.
    case broken([String])
    /// A template shows names for which the page gave no value: a defect of the program.
    case missingValues(page: String, names: [String])

    /// One line for each fault.
    public var description: String {
        switch self {
        case .broken(let faults): faults.joined(separator: "\n")
        case .missingValues(let page, let names):
            "The page \"\(page)\" was not given \(names.joined(separator: ", "))."
        }
    }
}

/// The words and layout of the pages, compiled once at the start.
struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    /// Compiles all templates of a folder.
    ///
    /// - Parameters:
    ///   - directory: The folder, such as `templates/portal`.
    ///   - pages: The templates that must be there.
    /// - Throws: ``PageFault/broken(_:)`` with every fault, for then the program must not start.
    init(directory: URL, pages: [String]) throws(PageFault) {
        MustacheContentTypes.register(PageEscaping(), named: PageEscaping.name)
        // An enumerator does not enter a folder that is a link.
        let directory = directory.resolvingSymlinksInPath()
        let names = (FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(".mustache") }.map { String($0.dropLast(".mustache".count)) }.sorted()
        var faults = pages.filter { !names.contains($0) }.map {
            "\(directory.appending(path: $0).path).mustache:0: the template is missing"
        }
        var library = MustacheLibrary()
        for name in names {
            let file = directory.appending(path: name + ".mustache")
            do {
                let text = try String(contentsOf: file, encoding: .utf8)
                faults += Self.faults(of: text, partials: names).map { "\(file.path):\($0)" }
                // The library forgets the content type in each included file, so each says it anew.
                library.register(
                    try MustacheTemplate(string: "{{%CONTENT_TYPE:\(PageEscaping.name)}}" + text), named: name)
            } catch let error as MustacheTemplate.ParserError {
                faults.append("\(file.path):\(error.context.lineNumber): \(error.error)")
            } catch {
                faults.append("\(file.path):0: the file cannot be read as UTF-8")
            }
        }
        guard faults.isEmpty else { throw .broken(faults) }
        self.library = library
    }

    /// Fills a template.
    ///
    /// - Throws: ``PageFault/missingValues(page:names:)``: the library shows nothing for a name that it does not find,
    ///   and a page without its amount must not pass for a page.
    func fill(_ page: String, _ values: PageValues) throws(PageFault) -> String {
        let missing = PageScope.Missing()
        let html = library.render(PageScope(values: values, missing: missing), withTemplate: page)
        guard let html, missing.names.isEmpty else { throw .missingValues(page: page, names: missing.names.sorted()) }
        return html
    }

    /// What compiles and must not be there: raw HTML, an included file that does not exist, another setting.
    private static func faults(of text: String, partials: [String]) -> [String] {
        var faults: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var rest = line[...]
            while let open = rest.firstRange(of: "{{") {
                rest = rest[open.upperBound...]
                guard let sigil = rest.first else { break }
                let name = rest.dropFirst().prefix { $0 != "}" }.filter { !$0.isWhitespace }
                switch sigil {
                case "{", "&": faults.append("\(index + 1): \"\(name)\" would be shown without escaping")
                case ">", "<":
                    if !partials.contains(name) { faults.append("\(index + 1): there is no template \"\(name)\"") }
                case "%", "=": faults.append("\(index + 1): settings inside a template are not used here")
                default: break
                }
            }
        }
        return faults
    }
}
