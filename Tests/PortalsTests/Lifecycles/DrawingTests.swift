import Accounts
import Foundation
import StateMachines
import Testing
import WebAPI

@testable import Portals

/// The pictures of the lifecycles, and the tables that say the same.
@Suite struct DrawingTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
    private static let now = Date(timeIntervalSince1970: 1_772_474_400)

    private static func machines(_ directory: URL = root.appending(path: "workflows")) -> [Machine] {
        WorkflowFiles.load(directory: directory).files.machines
    }

    /// The page of a machine with a record in each state and everything moved once.
    private static func html(_ machine: Machine, _ layout: GraphLayout?) throws -> String {
        let page = LifecyclePage(
            figures: LifecycleFigures(
                machine: machine,
                states: machine.states.enumerated().map { index, state in
                    StateFigures(state: state.name.text, records: index + 1_000)
                }, traffic: [], refused: []),
            layout: layout, graph: LifecycleGraph(machine), chosen: nil, time: CompanyTime(zone: .gmt), now: now)
        let templates = try PageTemplates(
            directory: root.appending(path: "templates/portal"), pages: ["layout", LifecyclePage.template])
        let files = PageFiles(try PublicFiles(directory: root.appending(path: "public")))
        let frame = Frame(
            files: files, routes: [], visitor: Visitor(kind: .admin, id: UUID(), role: "admin"), path: "/",
            csrf: "token",
            isFragment: true)
        return try templates.fill(LifecyclePage.template, frame.values(around: page))
    }

    @Test func `every lifecycle in use lays out, with each state and each way in the picture and in the tables`()
        async throws
    {
        let machines = Self.machines()
        #expect(machines.count >= 12)
        for machine in machines {
            let layout = try #require(await LifecycleLayouts().layout(of: LifecycleGraph(machine)), "\(machine.name)")
            let html = try Self.html(machine, layout)
            #expect(!html.contains("style="), "\(machine.name)")
            for (index, state) in machine.states.enumerated() {
                #expect(html.contains("data-state=\"\(state.name)\""), "\(machine.name): \(state.name)")
                #expect(html.contains("data-key=\"s-\(state.name)\""), "\(machine.name): \(state.name)")
                let count = #"data-key="\#(state.name)".*?class="count-of"[^>]*>(\d+)<"#
                let drawn = try html.firstMatch(of: Regex(count, as: (Substring, Substring).self).dotMatchesNewlines())
                #expect(drawn.map { String($0.1) } == "\(index + 1_000)", "\(machine.name): \(state.name)")
            }
            let edges = machine.diagramEdges
            for edge in edges where edge.from != edge.to {
                let arrow = "data-from=\"\(edge.from ?? "start")\" data-to=\"\(edge.to)\""
                #expect(html.components(separatedBy: arrow).count == 2, "\(machine.name): \(arrow)")
            }
            #expect(html.matches(of: /<tr role="row" data-key="m-/).count == edges.count, "\(machine.name)")
        }
    }

    @Test func `no box lies on another one or sticks out of the picture, and words fit into theirs`() async throws {
        for machine in Self.machines() {
            let graph = LifecycleGraph(machine)
            let layout = try #require(await LifecycleLayouts().layout(of: graph), "\(machine.name)")
            let frames = graph.boxes.compactMap { box in
                layout.boxes[box.state.name.text].map { middle in
                    (
                        left: middle.x - box.width / 2, right: middle.x + box.width / 2,
                        top: middle.y - box.height / 2, bottom: middle.y + box.height / 2
                    )
                }
            }
            #expect(frames.count == machine.states.count, "\(machine.name)")
            for (index, one) in frames.enumerated() {
                #expect(one.left >= 0 && one.top >= 0, "\(machine.name)")
                #expect(one.right <= layout.width && one.bottom <= layout.height, "\(machine.name)")
                for other in frames[(index + 1)...] {
                    let apart =
                        one.right <= other.left || other.right <= one.left || one.bottom <= other.top
                        || other.bottom <= one.top
                    #expect(apart, "\(machine.name)")
                }
            }
            for box in graph.boxes {
                let title = TextWidth.of(box.state.title, size: LifecycleGraph.titleSize, .heading)
                #expect(title + 2 * LifecycleGraph.pad < box.width, "\(machine.name): \(box.state.title)")
                for stay in box.stays {
                    #expect(LifecycleGraph.width(of: stay) + 2 * LifecycleGraph.pad < box.width, "\(stay.title)")
                }
            }
        }
    }

    @Test func `a state that is added to a file is drawn with no other edit`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "workflows-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Self.root.appending(path: "workflows"), to: folder)
        let file = folder.appending(path: "commission.yaml")
        var text = try String(contentsOf: file, encoding: .utf8)
        text = text.replacing("\nstates:\n", with: "\nstates:\n  on_ice: Kept on ice\n")
        text = text.replacing(
            "\ntransitions:\n",
            with: """

                transitions:
                  freeze:
                    title: Put on ice
                    from: [on_ice]
                    to: same
                    who: [system]

                """)
        try Data(text.utf8).write(to: file)
        let machine = try #require(Self.machines(folder).first { $0.name == "commission" })
        let layout = try #require(await LifecycleLayouts().layout(of: LifecycleGraph(machine)))
        let html = try Self.html(machine, layout)
        #expect(html.contains(">Kept on ice</text>") && html.contains("data-key=\"s-on_ice\""))
        #expect(html.contains(">Put on ice</text>"))
        let before = try #require(Self.machines().first { $0.name == "commission" })
        #expect(try !Self.html(before, layout).contains("Kept on ice"))
    }

    @Test func `without Graphviz the tables stand alone, and a remark says why`() throws {
        let machine = try #require(Self.machines().first)
        let html = try Self.html(machine, nil)
        #expect(html.contains("Graphviz is not installed") && !html.contains("class=\"machine"))
        #expect(html.matches(of: /<tr role="row" data-key="s-/).count == machine.states.count)
    }

    @Test func `what no layout is gives none`() {
        for text in ["", "{}", "[]", "{\"bb\": \"0,0\"}", "{\"bb\": \"a,b,c,d\"}", "Error: <stdin>: syntax error"] {
            #expect(GraphLayout(Data(text.utf8)) == nil, "\(text)")
        }
    }

    @Test func `a graph that cannot be laid out fails and does not hang`() async {
        await #expect(throws: Graphviz.Fault.failed) { try await Graphviz.layOut("digraph {") }
    }

    @Test func `lengths of time are said as people say them`() {
        let said = [0, 45, 60, 725, 11_100, 7_200, 90_000, 183_600, 259_200, 900_000].map { Lasting.text($0) }
        #expect(
            said == [
                "0 s", "45 s", "1 min", "12 min", "3 h 5 min", "2 h", "1 day 1 h", "2 days 3 h", "3 days", "10 days",
            ])
    }

    @Test func `a file for spreadsheets quotes what has to be, and no value is a formula`() {
        let text = CSVText.text([["a", "b,c", "say \"hi\"", "two\nlines", "=1+1", "", "-5", "-5+A1"]])
        #expect(text == "a,\"b,c\",\"say \"\"hi\"\"\",\"two\nlines\",'=1+1,,-5,'-5+A1\r\n")
    }
}
