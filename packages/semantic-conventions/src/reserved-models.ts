/** The model of `driftline doctor`: received and committed like any other, never judged, published or alerted on. */
export const DOCTOR_MODEL_NAME = 'driftline.doctor';
