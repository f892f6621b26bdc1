import Foundation
import StateMachines
import Testing

@Suite struct LifecycleDocumentsTests {
    private let pages = Dictionary(
        uniqueKeysWithValues: LifecycleDocuments(GoodFiles.load().files).pages.map { ($0.name, $0.text) })

    @Test func `there is an index and one page per machine`() {
        #expect(pages.keys.sorted() == ["README.md", "order.md", "parcel.md"])
        #expect(pages["README.md"]?.contains("| [Order](order.md) |") == true)
        #expect(pages["README.md"]?.contains("flowchart LR\n") == true)
    }

    @Test func `a page says its moves in the vocabulary's words`() throws {
        let page = try #require(pages["order.md"])
        let files = GoodFiles.load().files
        let machine = try #require(files.machine(named: "order"))
        for move in [machine.create] + machine.moves {
            #expect(page.contains("| `\(move.name)`<br>\(move.title) |"))
            for word in move.requires {
                #expect(page.contains(try #require(files.vocabulary.guard(named: word.text)).says))
            }
        }
        for timer in machine.timers { #expect(page.contains("| `\(timer.name)`<br>\(timer.title) |")) }
        for reaction in machine.reactions { #expect(page.contains("| `\(reaction.name)`<br>\(reaction.title) |")) }
        #expect(page.contains(machine.mermaid))
        #expect(page.contains(machine.dot))
    }

    @Test func `every row of a table has as many cells as its head`() {
        for (name, text) in pages {
            var width = 0
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                guard line.hasPrefix("|") else {
                    width = 0
                    continue
                }
                let cells = line.replacing("\\|", with: "").count { $0 == "|" }
                if width == 0 { width = cells }
                #expect(cells == width, "\(name): \(line)")
            }
        }
    }
}
