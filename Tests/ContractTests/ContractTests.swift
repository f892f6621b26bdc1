import Foundation
import TestSupport
import Testing

/// The document is what the server does: schemathesis asks by it, rightly and wrongly, and judges every answer.
@Suite(.serialized) struct ContractTests {
    /// Where every boundary of every field is tried; elsewhere a few cases of each are, for each one costs time.
    ///
    /// One of each sort: of a machine, of rows, without writes, of ops, of accounts, of files.
    private static let thorough =
        "^/api/v1/(leads|shipping-addresses|price-lists|lots|jobs|queues|schedules|tokens|session|files)(/|$)"

    @Test(.timeLimit(.minutes(14)))
    func `whatever is asked, rightly or wrongly, is answered as the document says`() async throws {
        try await Demo.with { demo in
            let admin = try await demo.token("admin", "dana@drizzlwellness.com")
            try await judge(demo, admin, ["--phases", "examples,fuzzing", "--max-examples", "4"])
            try await judge(demo, admin, ["--phases", "coverage", "--include-path-regex", Self.thorough])
            let partner = try await demo.token("partner", "maya@bluebirdcafe.example")
            try await judge(demo, partner, ["--phases", "fuzzing", "--max-examples", "2"])
        }
    }

    @Test(.timeLimit(.minutes(10))) func `an answer that the document does not know is found`() async throws {
        try await Demo.with { demo in
            // A document of somebody else's: it promises that there is nothing wrong with a health that has no colour.
            let lie = FileManager.default.temporaryDirectory.appending(path: "lie-\(UUID().uuidString).json")
            try Data(
                """
                {"openapi": "3.1.0", "info": {"title": "A lie", "version": "1"}, "paths": {"/healthz": {"get": {"responses":
                {"200": {"description": "Fine.", "content": {"application/json": {"schema":
                {"type": "object", "required": ["colour"]}}}}}}}}}
                """.utf8
            ).write(to: lie)
            defer { try? FileManager.default.removeItem(at: lie) }
            let (status, said) = try await ask(
                lie.path, "none", ["--phases", "fuzzing", "--max-examples", "2", "--url", demo.base])
            #expect(status != 0)
            #expect(said.contains("colour"), "\(said.suffix(2_000))")
        }
    }

    private func judge(_ demo: Demo, _ token: String, _ words: [String]) async throws {
        let began = ContinuousClock.now
        let (status, said) = try await ask("\(demo.base)/api/openapi.json", token, words)
        #expect(status == 0, "\(words.joined(separator: " ")):\n\(said.suffix(20_000))")
        // A run in which nothing was asked would be no proof.
        let cases = said.firstMatch(of: /(\d+) generated/).flatMap { Int($0.1) } ?? 0
        #expect(cases > 200, "\(said.suffix(2_000))")
        print("schemathesis \(words[1]): \(cases) cases in \((ContinuousClock.now - began).components.seconds) s")
        #expect(
            !demo.program.output.contains(" error drizzl"),
            "the server has a defect: \(demo.program.output.suffix(2_000))")
    }

    private func ask(_ document: String, _ token: String, _ words: [String]) async throws -> (Int32, String) {
        guard let python = ProcessInfo.processInfo.environment["DRIZZL_TEST_PYTHON"] else {
            throw DrizzlProcess.Failure(description: "DRIZZL_TEST_PYTHON is not set; `make test` sets it")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "contract-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let report = folder.appending(path: "said.txt")
        try Data().write(to: report)
        let handle = try FileHandle(forWritingTo: report)
        // One worker and one seed, so that what is found is found again; a stream of changes never ends, and has its own tests.
        let line =
            [python, "-m", "schemathesis.cli", "run", document, "--header", "Authorization: Bearer \(token)"]
            + [
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
                    + "response_schema_conformance,negative_data_rejection,unsupported_method,ignored_auth",
                "--seed", "4711", "--no-shrink", "--workers", "1", "--request-timeout", "60", "--warnings", "off",
                "--continue-on-failure", "--exclude-path", "/api/v1/live",
            ] + words
        let process = try ChildProcess(line, output: handle, errors: handle)
        let status = await process.waitForExit()
        return (status, try String(contentsOf: report, encoding: .utf8))
    }
}
