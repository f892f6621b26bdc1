public import Database
public import StateMachines
public import Storage
public import Workflows

/// An error whose description quotes nothing that a log should not hold: no bind values, tokens or bodies.
public protocol SafeToLog: CustomStringConvertible {}

extension DatabaseError: SafeToLog {}
extension EngineError: SafeToLog {}
extension StorageError: SafeToLog {}
extension DecisionFault: SafeToLog {}
