import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import Workflows

extension ResourceRoutes {
    // MARK: Making

    /// Makes a record by the machine's `create`.
    var createByMove: Operation {
        let machine = resource.machine?.name ?? ""
        let asks = Lifecycles.body(of: machine)
        return Operation(
            .post, resource.path, "Makes a new \(resource.noun)", tag: resource.tag,
            access: .signedIn(resource.audience), scope: .rows(of: resource.table), parameters: [Self.key],
            body: .object(asks.map { Schema.Member($0.name.text, $0.schema, isRequired: $0.isRequired) }),
            answers: [
                .json(
                    Self.receiptSchema, "Made, now or when the same command came before.", status: 201,
                    headers: Self.keyed.merging(["Location": "Its address."]) { $1 })
            ], problems: [404, 409]
        ) { visit in
            guard case .object(let inputs) = try await visit.request.jsonBody() else { throw Problem.objectWanted }
            let key = try TransitionRequest.id(visit.request.headers[.idempotencyKey])
            let visitor = try await visit.visitor()
            let receipt = try await dependencies.make(machine, key: key, inputs: inputs, visitor: visitor)
            return Response(
                json: receipt.json(withCaused: visitor.kind == .admin), status: .created,
                headers: [
                    .location: "\(resource.path)/\(receipt.record.uuidString.lowercased())",
                    .idempotencyKey: key.uuidString.lowercased(),
                ])
        }
    }

    /// Makes a record as a row.
    func createRow(_ access: Access, _ filling: [(String, SQL)]) -> Operation {
        let asked = resource.columns.filter { $0.isEditable || $0.has(.create) || $0.has(.required) }
        let body = asked.map { Schema.Member($0.name, $0.shown, isRequired: $0.has(.required)) }
        return Operation(
            .post, resource.path, "Makes a new \(resource.noun)", tag: resource.tag, access: access,
            scope: .rows(of: resource.table), parameters: [Self.key], body: .object(body),
            answers: [
                .json(
                    resource.schema, "The new \(resource.noun).", status: 201,
                    headers: ["Location": "Its address.", "ETag": "Its version, for `If-Match`."])
            ], problems: [404, 409]
        ) { visit in
            guard case .object(let given) = try await visit.body() else { throw Problem.objectWanted }
            let stored = try StoredAnswer(visit, body: .object(given))
            let id = UUID.v7()
            return try await settle(
                visit, stored, given,
                writing: { kind in
                    try forbid(
                        given.keys.filter { name in
                            asked.contains { $0.name == name && $0.has(.adminEdit) } && kind != .admin
                        })
                    var row = given
                    row["id"] = .id(id)
                    let filled = filling.filter { given[$0.0] == nil }
                    let names = row.keys.sorted()
                    let columns = names.map { SQL(named: $0) } + filled.map { SQL(named: $0.0) }
                    let values = names.map { "x." + SQL(named: $0) } + filled.map(\.1)
                    return [
                        """
                        INSERT INTO \(unsafeUnescaped: resource.table.rawValue) (\(columns.joined(separator: ", ")))
                        SELECT \(values.joined(separator: ", ")) FROM \(populated(row)) x
                        """
                    ]
                }, id: id.uuidString.lowercased(), status: .created)
        }
    }

    // MARK: Editing

    func edit(_ access: Access) -> Operation {
        let editable = resource.columns.filter(\.isEditable)
        let match = Parameter(
            .header, "If-Match", .text(1...100),
            "The `ETag` that you saw, or `*` for any; without it 428, and 412 after a change since.",
            isRequired: true, example: "*")
        return ofRecord(
            .patch, "", "Changes fields of the \(resource.noun)", access: access, parameters: [match, Self.key],
            body: .object(editable.map { Schema.Member($0.name, $0.shown, isRequired: false) }),
            answers: [
                .json(
                    resource.schema, "The \(resource.noun) as it is now.",
                    headers: ["ETag": "Its version, for `If-Match`."])
            ], problems: [409, 412, 428]
        ) { visit in
            let id = try recordID(visit)
            let (_, seen) = try await visit.read { kind in [resource.one(id, for: kind)] }
            guard !seen[0].rows.isEmpty else { throw Problem.notFound(resource.noun) }
            guard let match = try visit.header(match, .ifMatch) else { throw Problem.preconditionRequired }
            guard case .object(let given) = try await visit.body() else { throw Problem.objectWanted }
            return try await change(id, given, match: match, visit)
        }
    }

    /// Changes fields that have been looked at.
    ///
    /// - Parameters:
    ///   - id: The record's id.
    ///   - given: The fields.
    ///   - match: The version that was seen, or `*` for any.
    ///   - visit: Who asks.
    /// - Returns: The record as it is then.
    /// - Throws: ``Problem`` 403, 404, 409, 412 or 422; `DatabaseError`.
    func change(
        _ id: String, _ given: [String: JSONValue], match: String, _ visit: Visit
    ) async throws -> Response {
        let editable = resource.columns.filter(\.isEditable)
        let stored = try StoredAnswer(visit, body: .object(given))
        return try await settle(
            visit, stored, given,
            writing: { kind in
                try forbid(
                    given.keys.filter { name in
                        editable.contains { $0.name == name && !$0.isEditable(by: kind) }
                    })
                guard !given.isEmpty else { return [] }
                let sets: [SQL] = given.keys.sorted().map { "\(SQL(named: $0)) = x.\(SQL(named: $0))" }
                return [
                    """
                    UPDATE \(unsafeUnescaped: resource.table.rawValue) t SET \(sets.joined(separator: ", "))
                    FROM \(populated(given)) x
                    WHERE \(resource.identity.expression) = \(id)::\(resource.identity.schema.sqlType)
                      AND \(Scoping.predicate(for: resource.table, of: kind, to: .write, alias: "t")) AND \(isMatched(match))
                    """
                ]
            }, id: id, status: .ok, match: match)
    }

    /// Whether the record is of the version that was seen.
    private func isMatched(_ match: String) -> SQL {
        guard match != "*", let version = resource.version else { return "true" }
        return "\(version) = \(Self.bare(match))::text"
    }

    private static func bare(_ tag: String) -> String { tag.replacing("\"", with: "") }

    private func populated(_ row: [String: JSONValue]) -> SQL {
        "jsonb_populate_record(NULL::\(unsafeUnescaped: resource.table.rawValue), \(JSON(text: JSONValue.object(row).json))::jsonb)"
    }

    private func forbid(_ fields: [String]) throws(Problem) {
        guard !fields.isEmpty else { return }
        throw Problem(
            .forbidden,
            faults: fields.sorted().map {
                .init(code: "field_forbidden", message: "\"\($0)\" is not yours to set.", field: $0)
            })
    }

    /// Writes once: what was answered before under the key is answered again.
    private func settle(
        _ visit: Visit, _ stored: StoredAnswer, _ given: [String: JSONValue],
        writing: @Sendable (Visitor.Kind) throws -> [SQL], id: String, status: HTTPResponse.Status,
        match: String? = nil
    ) async throws -> Response {
        let parents = resource.columns.compactMap { column -> (Column, Table, UUID)? in
            guard let table = column.parent, case .string(let text)? = given[column.name],
                let id = UUID(uuidString: text)
            else { return nil }
            return (column, table, id)
        }
        func attempt() async throws -> Response {
            try await visit.write { visitor, session in
                if let first = try stored.first(try session.first(stored.find)) { return first }
                for (column, table, id) in parents
                where try session.first(Self.exists(id, in: table, for: visitor.kind)) == nil {
                    throw Problem.notFound(column.name.replacing("_id", with: "").replacing("_", with: " "))
                }
                let statements = try writing(visitor.kind)
                let results = try session.pipeline(statements + [resource.one(id, for: visitor.kind)])
                guard var row = results.last?.rows.first else { throw Problem.notFound(resource.noun) }
                if let match, statements.isEmpty || results[0].affectedRows == 0 {
                    let version = try row.optional("version", as: String.self)
                    if match != "*", version != Self.bare(match) { throw Problem.preconditionFailed }
                    // A row that is there and not changed is one that they may see alone.
                    if !statements.isEmpty { throw Problem.readOnly(resource.noun) }
                }
                if !statements.isEmpty, let record = UUID(uuidString: id) {
                    let writing = Consequence.Writing(
                        visitor: visitor, record: record, fields: Set(given.keys), now: dependencies.now())
                    let isNew = status == .created
                    let due = resource.consequences.filter { $0.follows(given.keys, isNew: isNew) }
                    row = try follow(due, writing, in: session) ?? row
                }
                var response = try answer(row, status: status)
                if status == .created { response.headers[.location] = "\(resource.path)/\(id)" }
                let kept = stored.keep(
                    try row.value("body"), status: status.code, etag: response.headers[.eTag],
                    location: response.headers[.location])
                if !kept.isEmpty { try session.pipeline(kept) }
                return response
            }
        }
        do {
            do {
                return try await attempt()
            } catch let error as DatabaseError where error.sqlState == "23505" && stored.key != nil {
                // Perhaps the same request came twice at once, and the other one was quicker.
                return try await attempt()
            }
        } catch let error as DatabaseError {
            throw Problem(ofWriting: error, among: given.keys.sorted()) ?? error
        }
    }
}

extension ResourceRoutes {
    /// Does what a write brings with it, as the program.
    ///
    /// - Returns: The record as it is then, for the visitor; nil when there was nothing to do.
    private func follow(
        _ consequences: [Consequence], _ writing: Consequence.Writing, in session: Session
    ) throws -> Row? {
        guard !consequences.isEmpty else { return nil }
        _ = try session.pipeline([Credential.asProgram])
        for consequence in consequences { try consequence.act(writing, session) }
        let id = writing.record.uuidString.lowercased()
        return try session.pipeline([Credential.asVisitor, resource.one(id, for: writing.visitor.kind)])[1].rows.first
    }
}

extension SQL {
    /// A column by its name, which stands in a declaration.
    fileprivate init(named name: String) { self = "\"\(unsafeUnescaped: name)\"" }
}

extension Ask {
    /// What the input has to be, as the document tells it.
    var schema: Schema {
        switch type {
        case .text: .text()
        case .money: .cents
        case .percent, .integer: .integer()
        case .date: .day
        case .time: .moment
        case .choice(let words): .choice(words.map(\.text))
        case .boolean: .boolean
        case .file, .reference: .id
        case .lines: .list(of: .anything)
        }
    }
}
