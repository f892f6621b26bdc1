public import StateMachines

/// What came of playing a scenario.
public enum ScenarioVerdict: Sendable, Hashable {
    /// Every step went as it says.
    case passed
    /// A step went otherwise; it was the last that was played.
    case differs(ScenarioDifference)
    /// The lifecycles cannot run, or the scenario cannot be set up; one line for each reason.
    case cannotStart([String])
}

/// Where a scenario and the engine first disagree.
public struct ScenarioDifference: Error, Sendable, Hashable {
    /// The step, or the part of it that is wrong.
    public var location: SourceLocation
    /// What the file says.
    public var expected: String
    /// What the engine did.
    public var found: String

    /// Names a difference.
    public init(at location: SourceLocation, expected: String, found: String) {
        (self.location, self.expected, self.found) = (location, expected, found)
    }
}

extension ScenarioDifference: CustomStringConvertible {
    /// `file:line:column: expected …, found …`, the form that editors understand.
    public var description: String { "\(location): expected \(expected), found \(found)" }
}
