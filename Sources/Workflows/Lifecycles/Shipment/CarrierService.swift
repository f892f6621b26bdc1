public import Jobs

/// A carrier that can be asked about its parcels.
///
/// Source: J-21.
public protocol CarrierService: Sendable {
    /// Asks about one parcel.
    ///
    /// - Parameter trackingNumber: The carrier's number of it.
    /// - Returns: All that the carrier knows, also what it has said before.
    /// - Throws: ``CarrierFailure``, or any other error, which counts as no answer.
    func report(on trackingNumber: String) async throws -> CarrierReport
}

/// What a carrier knows about a parcel.
public struct CarrierReport: Sendable {
    /// Its scans, in any order.
    public var events: [TrackingFeed.Event]
    /// What the thermometers of the truck said, in any order.
    public var readings: [ColdChain.Reading]

    /// Makes a report.
    public init(events: [TrackingFeed.Event], readings: [ColdChain.Reading] = []) {
        (self.events, self.readings) = (events, readings)
    }
}

/// Why a carrier said nothing about a parcel.
public enum CarrierFailure: SafeTextError {
    /// It cannot be reached, or is in trouble; asked soon again, it may answer. Why: no addresses, no bodies.
    case noAnswer(_ why: String)
    /// It does not know the number yet, or does not tell us.
    case unknownParcel

    /// What operators read; it holds no address.
    public var safeText: String {
        switch self {
        case .noAnswer(let why): why
        case .unknownParcel: "it does not know the number"
        }
    }
}

/// The carriers that are connected, by the name that `shipments.carrier` has.
public typealias Carriers = [String: any CarrierService]
