import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import WebAPI
import Workflows

extension RecordPages {
    /// Where what is added to records is sent, and where their files are had.
    var additionRoutes: [PageRoute] {
        let (root, kinds) = (kind.root + "/{id}", Set([kind.portal]))
        let rows = RowScope.rows(of: kind.machine.flatMap { Table(machine: $0) } ?? .files)
        // A carrier's word is the company's to add, whoever sees it.
        let additions = kind.tables.compactMap(\.adds).filter { $0 == .file || kind.portal == .admin }
        var routes: [PageRoute] = additions.map { addition in
            switch addition {
            case .event:
                .post(
                    "\(root)/\(addition.rawValue)", "Adds what was seen of it", for: kinds, needs: .manageShipments,
                    rows: rows, handler: addEvent)
            case .readings:
                .post(
                    "\(root)/\(addition.rawValue)", "Adds readings", for: kinds, needs: .manageShipments, rows: rows,
                    handler: addReadings)
            case .file:
                .post("\(root)/\(addition.rawValue)", "Adds a file", for: kinds, rows: rows, handler: addFile)
            }
        }
        // A refused form stands at the address it was sent to, and its page asks for itself again when something changes.
        routes += additions.map { addition in
            .get(
                "\(root)/\(addition.rawValue)", "One \(kind.noun)", for: kinds, needs: kind.needs, rows: rows,
                handler: show)
        }
        if kind.tables.contains(where: \.isOfFiles) {
            routes.append(
                .get("\(root)/files/{file}", "A file of it", for: kinds, rows: .rows(of: .files), handler: download))
        }
        return routes
    }

    /// Whether a visitor may add something, so that the form is there.
    func mayAdd(_ addition: Addition, _ visitor: Visitor) -> Bool {
        switch addition {
        case .event, .readings: visitor.kind == .admin && visitor.may(.manageShipments)
        case .file: true
        }
    }

    @Sendable private func addEvent(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: kind.noun)
        let form = try await form(visit)
        let asks = Addition.event.asks
        let asked = AskedInputs(form, for: asks)
        do {
            try asked.check(for: asks)
            _ = try Inputs(asked.values, for: asks)
            let moment = asked.text("occurred_at").flatMap(Timestamp.moment) ?? dependencies.now()
            let event = TrackingFeed.Event(
                carrierEventID: "hand-" + (try form.command).uuidString, status: asked.text("status") ?? "",
                location: asked.text("location") ?? "", description: asked.text("description"), occurredAt: moment)
            // What was seen is kept, also when the shipment may not be moved by it: that is said.
            if let refusal = try await ShipmentDesk(dependencies).add(event, to: id, visit) {
                let reasons = refusal.reasons.map(\.message).joined(separator: " ")
                return try await page(visit, id, notice: "The event is there. The shipment was not moved: \(reasons)")
            }
        } catch let refusal as Refusal {
            return try await refuse(.event, RefusedForm(form, refusal), id, visit)
        } catch let problem as Problem where problem.status.code == 422 {
            return try await refuse(.event, RefusedForm(form, problem), id, visit)
        }
        return added(.event, id)
    }

    @Sendable private func addReadings(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: kind.noun)
        let form = Form(try await visit.smallForm())
        _ = try await visit.visitor()
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        let asked = AskedInputs(form, for: Addition.readings.asks)
        let desk = ShipmentDesk(dependencies)
        let file = form[Addition.upload] ?? ""
        let text = ReadingsText(
            file.isEmpty ? form[Addition.paste] ?? "" : file, sensor: asked.text("sensor") ?? "", zone: pages.time.zone,
            isAhead: desk.isAhead)
        guard text.faults.isEmpty else {
            // What was in a file is shown where it can be mended.
            var shown = form
            if !file.isEmpty { shown[Addition.paste] = file }
            let refusal = Refusal(status: 422, reasons: text.faults)
            return try await refuse(.readings, RefusedForm(shown, refusal), id, visit)
        }
        let source = asked.text("source").flatMap(TemperatureFeed.Source.init) ?? .manual
        if try await desk.add(text.readings, from: source, to: id, visit) {
            return added(.readings, id, count: text.readings.count, isHeld: true)
        }
        return added(.readings, id, count: text.readings.count)
    }

    @Sendable private func addFile(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: kind.noun)
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        do {
            try await FileDesk(dependencies).receive(of: kind.machine ?? "", id, visit)
        } catch let problem as Problem where [413, 415, 422].contains(problem.status.code) {
            let told =
                problem.code == "parameter_missing"
                ? Problem(problem.status, code: problem.code, title: problem.title, detail: "Choose a file first.")
                : problem
            return try await refuse(.file, RefusedForm(Form([:]), told), id, visit)
        }
        return added(.file, id)
    }

    @Sendable private func download(_ visit: Visit) async throws -> Response {
        try await FileDesk(dependencies)
            .content(try visit.id("file", of: "file"), of: try visit.id(of: kind.noun), visit)
    }

    private func refuse(
        _ addition: Addition, _ form: RefusedForm, _ id: UUID, _ visit: Visit
    ) async throws -> Response {
        try await page(visit, id, added: RefusedAddition(addition: addition, form: form))
    }

    private func added(_ addition: Addition, _ id: UUID, count: Int? = nil, isHeld: Bool = false) -> Response {
        let more = (count.map { "&count=\($0)" } ?? "") + (isHeld ? "&held=1" : "")
        return Response(
            status: .seeOther,
            headers: [.location: "\(kind.path(id))?done=\(addition.rawValue)\(more)#add-\(addition.rawValue)"])
    }

    /// What was added just now, as the address says.
    func addedNotice(_ visit: Visit) -> String? {
        let query = visit.request.uri.queryParameters
        guard let addition = query.get("done").flatMap({ Addition(rawValue: $0) }) else { return nil }
        let held = query.get("held") == nil ? "" : " The shipment is on quality hold now: it was too warm."
        return addition.done(query.get("count").flatMap { Int($0) }) + held
    }
}

extension AskedInputs {
    /// What was given as a text.
    func text(_ name: String) -> String? {
        guard case .string(let text)? = values[name] else { return nil }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
