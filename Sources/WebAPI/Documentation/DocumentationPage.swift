import HTTPTypes
import StateMachines

/// The documentation as a page, without a script.
struct DocumentationPage {
    let operations: [Operation]

    init(_ operations: [Operation]) {
        self.operations = operations
    }

    /// The page.
    var html: String {
        let tags = Dictionary(grouping: operations, by: \.tag).sorted { $0.key < $1.key }
        let contents = tags.map { "<li><a href=\"#\(Self.anchor($0.key))\">\(Self.escaped($0.key))</a></li>" }
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Drizzl API</title>
            <link rel="stylesheet" href="/css/drizzl.css">
            </head><body><main>
            <h1>Drizzl API</h1>
            <p>The same for programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).
            Whatever is not done is answered with a problem detail (RFC 9457).</p>
            <nav><ul>\(contents.joined())</ul></nav>
            \(tags.map { section($0.key, $0.value) }.joined(separator: "\n"))
            </main></body></html>
            """
    }

    private func section(_ tag: String, _ operations: [Operation]) -> String {
        let entries = operations.sorted { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }.map(entry)
        return
            "<section id=\"\(Self.anchor(tag))\"><h2>\(Self.escaped(tag))</h2>\(entries.joined(separator: "\n"))</section>"
    }

    private func entry(_ operation: Operation) -> String {
        var parts = [
            "<h3><code>\(operation.method.rawValue) \(Self.escaped(operation.path))</code></h3>",
            "<p>\(Self.escaped(operation.summary)).</p>",
        ]
        let parameters = operation.allParameters.filter { $0.place != .path }
        if !parameters.isEmpty {
            let rows = parameters.map {
                "<tr><td><code>\(Self.escaped($0.name))</code></td><td>\($0.place.rawValue)</td>"
                    + "<td>\(Self.escaped($0.about))</td></tr>"
            }
            parts.append(
                "<details><summary>Parameters</summary><table><tbody>\(rows.joined())</tbody></table></details>")
        }
        if let body = operation.body { parts.append(Self.sample("Body", body)) }
        for answer in operation.answers {
            if let schema = answer.schema { parts.append(Self.sample("Answer \(answer.status)", schema)) }
        }
        let problems = operation.allProblems.map(String.init).joined(separator: ", ")
        parts.append("<p>Problems: \(problems).</p>")
        return "<article>\(parts.joined(separator: "\n"))</article>"
    }

    private static func sample(_ title: String, _ schema: Schema) -> String {
        "<details><summary>\(title)</summary><pre><code>\(escaped(schema.example.json))</code></pre></details>"
    }

    private static func anchor(_ tag: String) -> String { tag.lowercased().replacing(" ", with: "-") }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
