import Accounts
import Database
import HTTPTypes
import Hummingbird
import StateMachines
import Workflows

/// `/api/v1/devices`: with what somebody has signed in.
struct DeviceRoutes {
    let dependencies: WebDependencies

    private static let device = Schema.named(
        "Device",
        .object([
            .init("id", .id), .init("label", .text()), .init("first_seen_at", .moment),
            .init("last_seen_at", .moment), .init("is_enrolled", .boolean),
        ]))

    var operations: [Operation] {
        let own = RowScope.none("one's own account")
        return [
            Operation(
                .get, "/api/v1/devices", "One's devices", tag: "Account", access: .signedIn(), scope: own,
                answers: [.json(.object([.init("devices", .list(of: Self.device))]))], handler: list),
            Operation(
                .delete, "/api/v1/devices/{id}", "Forgets a device and ends its sessions", tag: "Account",
                access: .signedIn(), scope: own, answers: [.empty(204, "It is forgotten.")], problems: [404],
                handler: revoke),
            Operation(
                .post, "/api/v1/devices/{id}/enrolment", "Lets a rep's sessions on it last 14 days", tag: "Account",
                access: .signedIn([.salesRep]), scope: own,
                answers: [.empty(204, "From the next sign-in on.")], problems: [404], handler: enrol),
        ]
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let (_, rows) = try await visit.own(Device.mine)
        _ = try visit.query()
        let devices = try rows.map { row in
            let device = try Device(row)
            return JSONValue.object([
                "id": .id(device.id), "label": .string(device.label), "first_seen_at": .moment(device.firstSeenAt),
                "last_seen_at": .moment(device.lastSeenAt), "is_enrolled": .boolean(device.isEnrolled),
            ])
        }
        return Response(json: .object(["devices": .array(devices)]))
    }

    @Sendable private func revoke(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let (id, now) = (try visit.id(of: "device"), dependencies.now())
        return try await change(Device.revoke(id, of: visitor.kind, visitor.id, now: now))
    }

    @Sendable private func enrol(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        return try await change(Device.enrol(try visit.id(of: "device"), of: visitor.id))
    }

    private func change(_ statement: SQL) async throws -> Response {
        guard try await !dependencies.pool.query(statement).isEmpty else { throw Problem.notFound("device") }
        return Response(status: .noContent)
    }
}
