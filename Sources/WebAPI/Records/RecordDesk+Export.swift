import Accounts
import Database
import Foundation
import HTTPTypes
public import HummingbirdCore
import NIOCore
import StateMachines
import Workflows

extension RecordDesk {
    /// The longest list that is handed out as a file; who wants more narrows it.
    public static let exportedAtMost = 50_000

    /// Hands out a whole list as lines of values, read and sent a page at a time.
    ///
    /// That somebody took it away is put down in the audit log before (SEC-10).
    ///
    /// - Parameters:
    ///   - name: What the API calls the records.
    ///   - query: As the API takes it; from the first record on, whatever page it asks for.
    ///   - file: The file's name, to which the day is added.
    ///   - heading: The first line.
    ///   - visit: Who asks.
    ///   - lines: Writes records as lines.
    /// - Returns: The file, as an attachment.
    /// - Throws: ``Problem`` 401, 403, 422; `DatabaseError`.
    public func export(
        _ name: String, _ query: [String: String], as file: String, heading: String, _ visit: Visit,
        _ lines: @escaping @Sendable ([StoredRecord]) -> String
    ) async throws -> Response {
        var query = query
        (query["limit"], query["cursor"]) = ("\(ListRequest.most)", nil)
        let asked = query
        let (visitor, found) = try await pages([(name, asked)], visit)
        guard let first = found.first else { throw Problem.defect }
        let told = asked.filter { $0.key != "limit" }.mapValues(JSONValue.string)
        let entry = AuditEntry(
            actor: visitor.actor, action: "\(name).export", subjectType: name, subjectID: nil, after: told,
            at: dependencies.now(), address: visit.context.address, session: visitor.sessionID)
        _ = try await dependencies.pool.query(entry.insert)
        let day = CalendarDay(dependencies.now(), in: dependencies.zone)
        let body = ResponseBody { writer in
            var (page, count) = (first, first.records.count)
            try await writer.write(ByteBuffer(string: heading + lines(page.records)))
            while let cursor = page.nextCursor, count < Self.exportedAtMost {
                var next = asked
                next["cursor"] = cursor
                guard let more = try await pages([(name, next)], visit).pages.first else { break }
                page = more
                count += more.records.count
                try await writer.write(ByteBuffer(string: lines(more.records)))
            }
            if page.nextCursor != nil {
                let end = "Only the first \(count) are here. Narrow the list to have the rest.\r\n"
                try await writer.write(ByteBuffer(string: end))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"\(file)-\(day).csv\"",
            ], body: body)
    }
}
