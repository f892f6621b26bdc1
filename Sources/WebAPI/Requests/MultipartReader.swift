import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Reads a form with files (`multipart/form-data`, RFC 7578) as it comes, whatever its size.
struct MultipartReader {
    /// What is said of a part.
    struct Part: Equatable {
        var name: String
        var fileName: String?
    }

    /// The most that is said of a part, bytes.
    private static let headBytes = 4_096

    private let delimiter: [UInt8]
    private var body: RequestBody.AsyncIterator
    /// What has come and is not handed out; the first part's delimiter lacks the line's end that others begin with.
    private var bytes: [UInt8] = [13, 10]

    /// Begins to read; nil when the request does not say what stands between the parts.
    init?(_ request: Request) {
        let boundary = Self.parameters(of: request.headers[.contentType] ?? "")["boundary"]
        guard let boundary, (1...70).contains(boundary.utf8.count) else { return nil }
        delimiter = Array("\r\n--\(boundary)".utf8)
        body = request.body.makeAsyncIterator()
    }

    /// Goes on to the next part; what is left of the last one has to be read before.
    ///
    /// - Returns: What is said of it; nil after the last.
    /// - Throws: ``Problem`` 400 when this is no form.
    mutating func nextPart() async throws -> Part? {
        try await fill(upTo: delimiter.count + 2)
        guard bytes.starts(with: delimiter) else { throw Problem.brokenForm }
        let mark = bytes[delimiter.count..<delimiter.count + 2]
        if mark.elementsEqual("--".utf8) { return nil }
        // What follows the mark's line end is the head, which may be empty.
        bytes.removeFirst(delimiter.count)
        guard mark.elementsEqual("\r\n".utf8) else { throw Problem.brokenForm }
        while true {
            if let end = place(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[2..<max(end, 2)], as: UTF8.self)
                bytes.removeFirst(end + 4)
                // The content begins as if a line had ended: its delimiter may come at once.
                return try Self.part(head)
            }
            guard bytes.count <= Self.headBytes, try await more() else { throw Problem.brokenForm }
        }
    }

    /// The next bytes of the part.
    ///
    /// - Returns: Some; nil when the part has ended.
    /// - Throws: ``Problem`` 400 when the form ends in its middle.
    mutating func nextBytes() async throws -> [UInt8]? {
        while true {
            if let end = place(of: delimiter) {
                defer { bytes.removeFirst(end) }
                return end == 0 ? nil : Array(bytes[..<end])
            }
            // A delimiter may have begun at the end of what is here.
            let sure = bytes.count - delimiter.count + 1
            if sure > 0 {
                defer { bytes.removeFirst(sure) }
                return Array(bytes[..<sure])
            }
            guard try await more() else { throw Problem.brokenForm }
        }
    }

    private mutating func fill(upTo count: Int) async throws {
        while bytes.count < count {
            guard try await more() else { throw Problem.brokenForm }
        }
    }

    private mutating func more() async throws -> Bool {
        guard let next = try await body.next(isolation: #isolation) else { return false }
        bytes += next.readableBytesView
        return true
    }

    private func place(of pattern: [UInt8]) -> Int? {
        // Its first byte is searched for alone, which is quick: files are large, and ends of lines are rare in most.
        var start = bytes.startIndex
        while let found = bytes[start...].firstIndex(of: pattern[0]), found + pattern.count <= bytes.count {
            if bytes[found...].starts(with: pattern) { return found }
            start = found + 1
        }
        return nil
    }

    private static func part(_ head: String) throws -> Part {
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-disposition:") }
        guard let line, case let parameters = Self.parameters(of: line), let name = parameters["name"] else {
            throw Problem.brokenForm
        }
        // Browsers write a quotation mark in a name as %22.
        return Part(name: name, fileName: parameters["filename"]?.replacing("%22", with: "\""))
    }

    /// What stands behind the first semicolon of a header: names in lower case, values without their quotation marks.
    private static func parameters(of header: some StringProtocol) -> [String: String] {
        var parameters: [String: String] = [:]
        var (part, isQuoted) = ("", false)
        var parts: [String] = []
        for character in header {
            if character == "\"" { isQuoted.toggle() }
            if character == ";", !isQuoted {
                parts.append(part)
                part = ""
            } else {
                part.append(character)
            }
        }
        for part in (parts + [part]).dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard sides.count == 2 else { continue }
            parameters[sides[0].lowercased()] = sides[1].trimmingCharacters(in: ["\""])
        }
        return parameters
    }
}
