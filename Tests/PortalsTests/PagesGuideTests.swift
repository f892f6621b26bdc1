import Accounts
import Foundation
import Testing
import WebAPI

@testable import Portals

/// docs/pages.md tells the truth: its example compiles here, and its template is filled.
@Suite struct PagesGuideTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    @Test func `the guide shows the example as it compiles`() throws {
        let guide = try String(contentsOf: Self.root.appending(path: "docs/pages.md"), encoding: .utf8)
        let source = Self.root.appending(path: "Tests/PortalsTests/Guide/GuidePage.swift")
        let code = try String(contentsOf: source, encoding: .utf8)
        let example = try #require(code.components(separatedBy: "@testable import Portals\n\n").last)
        #expect(guide.contains("```swift\n\(example)```"))
    }

    @Test func `the guide's template shows the example's page, in the menu of who may open it`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "guide-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Self.root.appending(path: "templates/portal"), to: folder)
        let guide = try String(contentsOf: Self.root.appending(path: "docs/pages.md"), encoding: .utf8)
        let template = try #require(guide.firstMatch(of: /```html\n(.*?)```/.dotMatchesNewlines())).1
        try Data(template.utf8).write(to: folder.appending(path: "warehouses.mustache"))
        let templates = try PageTemplates(directory: folder, pages: ["layout", WarehousesPage.template])
        let files = PageFiles(try PublicFiles(directory: Self.root.appending(path: "public")))
        let route = PageRoute.get(
            "/admin/command-center/warehouses", "Where the goods lie", for: [.admin], needs: .manageStock,
            menu: MenuEntry(group: "Commerce", title: "Warehouses", icon: "snowflake")
        ) { _ in throw Problem.notFound("page") }
        func html(_ permissions: Set<String>) throws -> String {
            let visitor = Visitor(
                kind: .admin, id: UUID(), role: "manager", permissions: permissions, name: "Dana <b>Lee")
            let frame = Frame(
                files: files, routes: [route], visitor: visitor, path: "/admin/command-center/warehouses",
                csrf: "token", isFragment: false)
            let page = WarehousesPage(warehouses: [("North", 3, true), ("South", 1, false)])
            return try templates.fill(WarehousesPage.template, frame.values(around: page))
        }
        let page = try html(["stock.manage"])
        for text in ["<h1>Warehouses</h1>", ">North</th>", "Full</span>", "Dana &lt;b&gt;Lee", "aria-current=\"page\""]
        {
            #expect(page.contains(text), "\(text)")
        }
        #expect(try !html([]).contains("href=\"/admin/command-center/warehouses\" title="))
    }

    @Test func `no colour and no size stands outside of the tokens`() throws {
        let folder = Self.root.appending(path: "public/css")
        let sheets = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".css") && $0 != "tokens.css" }
        #expect(sheets.count >= 5)
        for sheet in sheets {
            let text = try String(contentsOf: folder.appending(path: sheet), encoding: .utf8)
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where !line.hasPrefix("@media") {
                let literal = line.firstMatch(of: /#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|\b[0-9.]+(px|rem|em|ch)\b/)
                #expect(literal == nil, "\(sheet):\(index + 1): \(line)")
            }
        }
    }

    @Test func `every icon that a page shows is among those that are fetched`() throws {
        let list = try String(contentsOf: Self.root.appending(path: "scripts/icons.txt"), encoding: .utf8)
        let known = Set(list.split(separator: "\n").map(String.init))
        var shown: Set<String> = []
        for (folder, pattern) in [
            ("templates/portal", /\{\{sprite\}\}#([a-z0-9-]+)"/), ("Sources/Portals", /icon: "([a-z0-9-]+)"/),
            ("public/js", /(?:success|error|info): "([a-z0-9-]+)"/),
        ] {
            let place = Self.root.appending(path: folder)
            for case let path as String in FileManager.default.enumerator(atPath: place.path) ?? .init() {
                guard let text = try? String(contentsOf: place.appending(path: path), encoding: .utf8) else { continue }
                shown.formUnion(text.matches(of: pattern).map { String($0.1) })
            }
        }
        shown.formUnion(Badge.Tone.allCases.map(\.icon))
        #expect(shown.count > 15)
        #expect(shown.subtracting(known) == [])
    }
}
