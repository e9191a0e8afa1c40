package org.pintail.bimi;

/// A logo or certificate cannot be shown. `code` as WildDuck has it.
public final class BimiProblem extends RuntimeException {
    private final String code;

    public BimiProblem(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
