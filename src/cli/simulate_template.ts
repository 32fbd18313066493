/** A configuration to begin with, as `gammarx simulate --template` prints it. */
export const SIMULATE_TEMPLATE: string =
  `# A simulation for gammarx: gammarx simulate this.yaml --out DIR
seed: 1
telescope: SIM
# Times below count from here (ISO, UTC; or MJD, TT).
epoch: 2024-01-01T12:00:00
# True energies that are simulated.
energyTrue: [0.05 TeV, 200 TeV]

# Kinds of events, each with responses of its own; their rates add up.
eventTypes:
  - name: good
    bit: 0
    aeff: { area: 6.0e8 cm2, slope: 0.0, threshold: 0.3 TeV, offsetSigma: 2 deg }
    psf: { kind: gauss, sigma: 0.06 deg, slope: 0.2, floor: 0.02 deg }
    edisp: { bias: 0.0, resolution: 0.12 }
    bkg: { rate: 4, index: 2.7, energy: [0.1 TeV, 100 TeV], sigma: 1.1 deg }
  - name: fair
    bit: 1
    aeff: { area: 4.0e8 cm2, slope: 0.0, threshold: 0.3 TeV, offsetSigma: 2 deg }
    psf: { kind: king, sigma: 0.09 deg, slope: 0.2, floor: 0.03 deg, gamma: 2.2 }
    edisp: { bias: 0.0, resolution: 0.2 }
    bkg: { rate: 8, index: 2.7, energy: [0.1 TeV, 100 TeV], sigma: 1.3 deg }

sources:
  - name: steady
    ra: 83.633 deg
    dec: 22.014 deg
    spectrum: { kind: pl, amplitude: 3.5e-11, index: 2.5 }
  - name: nebula
    ra: 84.4 deg
    dec: 21.6 deg
    extension: 0.2 deg
    spectrum: { kind: lp, amplitude: 2.0e-11, alpha: 2.3, beta: 0.1 }
  - name: pulsar
    ra: 83.0 deg
    dec: 22.4 deg
    spectrum: { kind: ecpl, amplitude: 3.0e-11, index: 2.0, lambdaPerTeV: 0.2 }
    pulse:
      f0: 29.946923
      peaks:
        - { phase: 0.3, sigma: 0.03, fraction: 0.5 }
  - name: flaring
    ra: 83.9 deg
    dec: 22.5 deg
    spectrum: { kind: pl, amplitude: 1.0e-11, index: 2.2 }
    flare: { shape: exponential, onset: 1000 s, duration: 120 s, amplitude: 20 }

observations:
  - obsId: 1
    pointing: { ra: 83.633 deg, dec: 22.514 deg }
    # Good time intervals, seconds after the epoch.
    gti: [[0, 900], [930, 1780]]
    deadTime: 0.06
  - obsId: 2
    pointing: { ra: 83.633 deg, dec: 21.514 deg }
    gti: [[1900, 3680]]
    deadTime: 0.06
`;
