import Foundation
import Testing

@testable import StateMachines

/// The folder of lifecycle files that the product ships.
let shippedWorkflows = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "../../../workflows").standardizedFileURL

@Suite struct ShippedFilesTests {
    @Test func `the shipped files load without a fault`() {
        let loaded = WorkflowFiles.load(directory: shippedWorkflows)
        #expect(loaded.faults.map(\.description) == [])
        #expect(loaded.files.machines.count == 12)
    }

    @Test func `the shipped files pass every check`() {
        let report = CheckReport(directory: shippedWorkflows)
        #expect(report.faults.map(\.description) == [])
    }
}
