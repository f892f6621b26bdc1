import Foundation
internal import Mustache

/// The folder of templates, as files.
enum TemplateFolder {
    private static let suffix = ".mustache"
    private static let parts = ["subject", "text", "html"]

    /// Every template file below a folder, sorted by path.
    static func sources(in directory: URL) throws(TemplateError) -> [TemplateSource] {
        let paths = (FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(suffix) }.sorted()
        guard !paths.isEmpty else {
            throw .broken([.init(file: directory.path, line: 0, message: "there are no templates in this folder")])
        }
        var sources: [TemplateSource] = []
        for path in paths {
            do {
                let text = try String(contentsOf: directory.appending(path: path), encoding: .utf8)
                sources.append(TemplateSource(file: path, text: text))
            } catch {
                throw .broken([.init(file: path, line: 0, message: "the file cannot be read as UTF-8")])
            }
        }
        return sources
    }

    /// `invoice_issued/html.mustache` is included as `invoice_issued/html`.
    static func name(of file: String) -> String { String(file.dropLast(suffix.count)) }

    /// Folders in which one of the three forms is missing.
    static func incomplete(_ sources: [TemplateSource]) -> [TemplateError.Fault] {
        let files = Set(sources.map(\.file))
        let folders = Set(files.filter { $0.contains("/") }.map { $0.prefix { $0 != "/" } })
        return folders.flatMap { folder in
            parts.map { "\(folder)/\($0)\(suffix)" }.filter { !files.contains($0) }.map {
                TemplateError.Fault(file: $0, line: 0, message: "the file is missing")
            }
        }
    }

    /// What the compiler said, as a fault.
    static func fault(_ error: any Error, in source: TemplateSource) -> TemplateError.Fault {
        guard let parsing = error as? MustacheTemplate.ParserError else {
            return .init(file: source.file, line: 0, message: "\(error)")
        }
        let message =
            switch parsing.error as? MustacheTemplate.Error {
            case .sectionCloseNameIncorrect: "a section is closed under another name"
            case .unfinishedName: "a tag is not closed"
            case .expectedSectionEnd: "a section is not closed"
            case .some(let other): "\(other)"
            case nil: "\(parsing.error)"
            }
        return .init(file: source.file, line: parsing.context.lineNumber, message: message)
    }
}
