import ArgumentParser
import Foundation
import StateMachines

extension WorkflowsCommand {
    /// `drizzl workflows docs`: the pages that are made from the files.
    struct Docs: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the pages of docs/lifecycles/ from the files, or compare them.")
        @Argument(help: "The folder of the files.")
        var directory = "workflows"
        @Option(help: "The folder of the pages.")
        var output = "docs/lifecycles"
        @Flag(help: "Write nothing; exit with 1 when a page is not what the files make.")
        var check = false

        func run() throws {
            let files = try WorkflowFiles.checked(in: URL(fileURLWithPath: directory))
            let pages = LifecycleDocuments(files).pages
            let folder = URL(fileURLWithPath: output, isDirectory: true)
            let stale = pages.filter { text(of: $0, in: folder) != $0.text }.map(\.name)
            let left = try leftOver(in: folder, pages: pages)
            guard check else { return try write(pages, to: folder, removing: left) }
            guard stale.isEmpty, left.isEmpty else {
                let names = (stale + left).map { "\(output)/\($0)" }.joined(separator: ", ")
                throw StalePages(names: names)
            }
            print("\(output): \(pages.count) pages, all as the files make them")
        }

        private func text(of page: LifecycleDocuments.Page, in folder: URL) -> String? {
            try? String(contentsOf: folder.appending(path: page.name), encoding: .utf8)
        }

        /// Pages of machines that are gone.
        private func leftOver(in folder: URL, pages: [LifecycleDocuments.Page]) throws -> [String] {
            guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
            let known = Set(pages.map(\.name))
            return try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.hasSuffix(".md") && !known.contains($0) }.sorted()
        }

        private func write(_ pages: [LifecycleDocuments.Page], to folder: URL, removing left: [String]) throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for page in pages {
                try page.text.write(to: folder.appending(path: page.name), atomically: true, encoding: .utf8)
            }
            for name in left { try FileManager.default.removeItem(at: folder.appending(path: name)) }
            print("\(output): wrote \(pages.count) pages")
        }
    }

    private struct StalePages: Error, CustomStringConvertible {
        var names: String
        var description: String { "Not what the lifecycle files make; `make docs` writes them anew: \(names)" }
    }
}
