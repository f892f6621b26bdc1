import Foundation
import TestSupport

/// A PDF file as poppler's programs see it.
struct PDFFile {
    let bytes: [UInt8]

    /// The words of each page, without regard to how they are spread over it.
    func pages() throws -> [String] {
        try run("pdftotext", ["-layout"], after: ["-"]).split(separator: "\u{0C}")
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }

    /// The words of all pages.
    func words() throws -> String { try pages().joined(separator: " ") }

    func information(_ options: [String] = []) throws -> String { try run("pdfinfo", options) }
    func fonts() throws -> String { try run("pdffonts") }

    func pageCount() throws -> Int? {
        try information().split(separator: "\n").first { $0.hasPrefix("Pages:") }
            .flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
    }

    private func run(_ program: String, _ options: [String] = [], after: [String] = []) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).pdf")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        return try ChildProcess.output(of: [program] + options + [file.path] + after)
    }
}
