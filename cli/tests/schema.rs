//! `asklet schema` from outside.

use std::process::Command;

use serde_json::Value;

#[test]
fn it_prints_the_schema_of_the_config() {
    let output = Command::new(env!("CARGO_BIN_EXE_asklet")).arg("schema").output().expect("it runs");
    assert!(output.status.success());
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(schema["properties"]["surveys"].is_object(), "{schema}");
    let ours = serde_json::to_value(asklet::core::config::schema()).expect("JSON");
    assert_eq!(schema, ours);
}
