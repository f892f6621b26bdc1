import Database
import StateMachines
import Workflows

/// An error whose description quotes nothing that a log should not hold: no bind values, tokens or bodies.
protocol SafeToLog: CustomStringConvertible {}

extension DatabaseError: SafeToLog {}
extension EngineError: SafeToLog {}
extension DecisionFault: SafeToLog {}
