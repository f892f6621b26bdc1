import Foundation
import NIOCore
import StateMachines

/// Reads a stream of Server-Sent Events as a browser does.
///
/// Unchecked, because each is read by one test's task alone.
final class LiveReader: @unchecked Sendable {
    struct Event: Sendable, Equatable {
        var name: String
        var id: Int64
        var record: UUID?
    }

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var bytes: [UInt8] = []
    private var events: ArraySlice<Event> = []
    /// The last event that has arrived.
    private(set) var last: Int64 = 0

    init(_ connection: RawConnection) { inbound = connection.inbound }

    /// Reads the answer's head and the first event, which says from where on.
    func begin() async throws {
        let blank = Array("\r\n\r\n".utf8)
        var end = bytes.firstRange(of: blank)
        while end == nil {
            guard try await more() else { throw RawConnection.Failure.closed }
            end = bytes.firstRange(of: blank)
        }
        guard let end, String(decoding: bytes[..<end.lowerBound], as: UTF8.self).hasPrefix("HTTP/1.1 200") else {
            throw RawConnection.Failure.closed
        }
        bytes.removeSubrange(..<end.upperBound)
    }

    /// The next event; nil when the stream has ended.
    func next() async throws -> Event? {
        while true {
            if events.isEmpty { takeChunks() }
            if let event = events.popFirst() {
                last = event.id
                return event
            }
            guard try await more() else { return nil }
        }
    }

    /// The records of the next changes.
    func changes(_ count: Int) async throws -> [UUID] {
        var records: [UUID] = []
        while records.count < count, let event = try await next() {
            if event.name == "change", let record = event.record { records.append(record) }
        }
        return records
    }

    private func more() async throws -> Bool {
        guard let buffer = try await inbound.next(isolation: #isolation) else { return false }
        bytes += Array(buffer: buffer)
        return true
    }

    /// Undoes the chunks in which the answer comes.
    private func takeChunks() {
        var start = bytes.startIndex
        while let line = bytes[start...].firstIndex(of: 13),
            let length = Int(String(decoding: bytes[start..<line], as: UTF8.self), radix: 16),
            bytes.count >= line + length + 4
        {
            events += String(decoding: bytes[(line + 2)..<(line + 2 + length)], as: UTF8.self)
                .split(separator: "\n\n").compactMap { Event($0.split(separator: "\n")) }
            start = line + length + 4
        }
        bytes.removeSubrange(..<start)
    }
}

extension LiveReader.Event {
    init?(_ lines: [Substring]) {
        var fields: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        guard let name = fields["event"], let id = fields["id"].flatMap({ Int64($0) }) else { return nil }
        let data = fields["data"].flatMap { try? JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
        self.init(name: name, id: id, record: data?["id"]?.text.flatMap { UUID(uuidString: $0) })
    }
}
