import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import StateMachines

/// The operations of one resource, as its declaration allows them.
struct ResourceRoutes {
    let resource: Resource
    let dependencies: WebDependencies

    var operations: [Operation] {
        var operations = [list]
        if resource.hasRecords { operations.append(show) }
        if resource.machine != nil { operations += lifecycle }
        switch resource.creation {
        case .move: operations.append(createByMove)
        case .row(let kinds, let needs, let filling):
            operations.append(createRow(.signedIn(kinds, needs: needs), filling))
        case nil: break
        }
        if let editing = resource.editing { operations.append(edit(.signedIn(editing.kinds, needs: editing.needs))) }
        if let removal = resource.removal { operations.append(remove(removal)) }
        return operations
    }

    /// An operation on one record.
    func ofRecord(
        _ method: HTTPRequest.Method, _ path: String = "", _ summary: String, access: Access? = nil,
        parameters: [Parameter] = [], body: Schema? = nil, answers: [Answer], problems: Set<Int> = [],
        handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            method, "\(resource.path)/{id}\(path)", summary, tag: resource.tag, access: access ?? resource.readers,
            scope: .rows(of: resource.table), parameters: parameters, body: body, answers: answers,
            problems: problems.union([404]), handler: handler)
    }

    private var list: Operation {
        let page = Schema.object([
            .init("items", .list(of: resource.schema, most: ListRequest.most)),
            .init("next_cursor", .optional(.text())),
        ])
        return Operation(
            .get, resource.path, "Lists every \(resource.noun)", tag: resource.tag, access: resource.readers,
            scope: .rows(of: resource.table), parameters: listParameters,
            answers: [.json(page, "A page; `next_cursor` leads to the next one, and is null on the last.")],
            problems: resource.parent == nil ? [] : [404], handler: showList)
    }

    var listParameters: [Parameter] {
        let columns = [resource.identity] + resource.columns
        let sortable = [resource.identity.name] + resource.columns.filter { $0.has(.sort) }.map(\.name)
        var parameters = [
            Parameter(.query, "limit", .integer(1...Int64(ListRequest.most)), "How many at most; usually 50."),
            Parameter(.query, "cursor", .text(1...2_000), "`next_cursor` of the page before, with the same `sort`."),
            Parameter(
                .query, "sort", .choice(sortable.flatMap { ["-" + $0, $0] }),
                "The order; `-` for descending. Usually `-\(resource.identity.name)`, the newest first."),
        ]
        for column in columns where column.has(.filter) {
            parameters.append(Parameter(.query, column.name, column.schema, "Only those of this `\(column.name)`."))
        }
        for column in columns where column.has(.range) {
            parameters.append(
                Parameter(.query, column.name + "_from", column.schema, "Only from this `\(column.name)` on."))
            parameters.append(
                Parameter(.query, column.name + "_to", column.schema, "Only below this `\(column.name)`."))
        }
        if columns.contains(where: { $0.has(.search) }) {
            let names = columns.filter { $0.has(.search) }.map { "`\($0.name)`" }.joined(separator: ", ")
            parameters.append(Parameter(.query, "q", .text(1...100), "A part of \(names)."))
        }
        return parameters
    }

    @Sendable private func showList(_ visit: Visit) async throws -> Response {
        let query = try visit.query()
        let above = try resource.parent.map { try visit.id(of: $0.noun) }
        do {
            let (visitor, results) = try await visit.read { kind in
                let page = resource.page(
                    try ListRequest(query, of: resource, for: kind), for: kind, of: above)
                guard let parent = resource.parent, let above else { return [page] }
                return [page, Self.exists(above, in: parent.table, for: kind)]
            }
            if let parent = resource.parent, results[1].rows.isEmpty { throw Problem.notFound(parent.noun) }
            return try page(results[0].rows, try ListRequest(query, of: resource, for: visitor.kind))
        } catch let error as DatabaseError where error.sqlState?.hasPrefix("22") == true {
            throw Problem.notOurCursor
        }
    }

    static func exists(_ id: UUID, in table: Table, for kind: Visitor.Kind) -> SQL {
        """
        SELECT 1 AS one FROM \(unsafeUnescaped: table.rawValue) t
        WHERE t.id = \(id) AND \(Scoping.predicate(for: table, of: kind, alias: "t"))
        """
    }

    private func page(_ rows: [Row], _ request: ListRequest) throws -> Response {
        let shown = try rows.prefix(request.limit).map { try $0.value("body", as: String.self) }
        let next = JSONValue.text(try request.next(after: rows))
        return Response(written: "{\"items\":[\(shown.joined(separator: ","))],\"next_cursor\":\(next.json)}")
    }

    private var show: Operation {
        ofRecord(
            .get, "", "Shows one \(resource.noun)",
            answers: [
                .json(
                    resource.schema, "The \(resource.noun).",
                    headers: resource.version == nil ? [:] : ["ETag": "Its version, for `If-Match`."])
            ]
        ) { visit in
            _ = try visit.query()
            let id = try recordID(visit)
            let (_, results) = try await visit.read { kind in [resource.one(id, for: kind)] }
            return try answer(results[0].rows.first)
        }
    }

    /// The record's id in the address, as PostgreSQL reads it.
    func recordID(_ visit: Visit) throws -> String {
        let text = visit.context.parameters.get("id") ?? ""
        let schema = resource.identity.schema
        guard schema.faults(in: schema.value(of: text)).isEmpty else { throw Problem.notFound(resource.noun) }
        return text
    }

    /// A record as an answer.
    ///
    /// - Throws: ``Problem`` 404 without a row; `DatabaseError`.
    func answer(_ row: Row?, status: HTTPResponse.Status = .ok) throws -> Response {
        guard let row else { throw Problem.notFound(resource.noun) }
        var headers = HTTPFields()
        if let version = try row.optional("version", as: String.self) { headers[.eTag] = "\"\(version)\"" }
        return Response(written: try row.value("body"), status: status, headers: headers)
    }
}

extension Response {
    /// An answer in JSON that is written already.
    init(written json: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: json + "\n")))
    }
}
