import Foundation
import TestSupport
import Testing

@Suite struct GuidePageTests {
    private func text(_ path: String) throws -> [Substring] {
        try String(contentsOf: DrizzlProcess.root.appending(path: path), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The regions between `// example: name` and `// end`, moved to the left margin.
    private func examples() throws -> [String: String] {
        var examples: [String: String] = [:]
        for file in ["GuideJobs", "GuideTests"] {
            var (name, lines): (String?, [Substring]) = (nil, [])
            for line in try text("Tests/JobTestingTests/Guide/\(file).swift") {
                let bare = line.drop { $0 == " " }
                if bare.hasPrefix("// example: ") {
                    (name, lines) = (String(bare.dropFirst("// example: ".count)), [])
                } else if bare == "// end", let known = name {
                    let margin = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
                    examples[known] = lines.map { String($0.dropFirst(margin)) }.joined(separator: "\n")
                    name = nil
                } else if name != nil {
                    lines.append(line)
                }
            }
        }
        return examples
    }

    /// The Swift on the page, with the name that stands above it.
    private func blocks() throws -> [(name: String?, code: String)] {
        var blocks: [(name: String?, code: String)] = []
        var (name, lines): (String?, [Substring]?) = (nil, nil)
        for line in try text("docs/jobs.md") {
            if line.hasPrefix("<!-- example: "), line.hasSuffix(" -->") {
                name = String(line.dropFirst("<!-- example: ".count).dropLast(" -->".count))
            } else if line == "```swift" {
                lines = []
            } else if line == "```", let code = lines {
                blocks.append((name, code.joined(separator: "\n")))
                (name, lines) = (nil, nil)
            } else {
                lines?.append(line)
            }
        }
        return blocks
    }

    @Test func `what the page shows is what the tests run`() throws {
        let (examples, blocks) = (try examples(), try blocks())
        #expect(examples.count > 5)
        for block in blocks {
            let name = try #require(block.name, "an example without a name:\n\(block.code)")
            #expect(block.code == examples[name], "docs/jobs.md, \(name)")
        }
        #expect(Set(examples.keys) == Set(blocks.compactMap(\.name)), "every example stands on the page")
    }
}
