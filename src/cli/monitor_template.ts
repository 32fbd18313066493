/** A configuration to begin with, as `gammarx monitor --template` prints it. */
export const MONITOR_TEMPLATE: string =
  `# A monitor for gammarx: gammarx monitor this.yaml --serve 127.0.0.1:8080
title: Field of the Crab nebula
# What the photons are: current, archival, injection, test or commanded.
tense: current
observatory: SIM

# Where photons come from; several are merged by event time. One of, in each:
#   - { files: [run1.fits, store/], speed: max }   event lists, data stores, web addresses;
#                                                  speed: seconds of the stream a second, or max
#   - { follow: growing.fits, idle: 10 min }       a file that is being written
#   - { lines: "-" }                               JSON lines on stdin
#   - { simulate: simulation.yaml, speed: 60 }     see gammarx simulate --template
sources:
  - files: [events.fits]
# Streams that give nothing for so long on the clock are not waited for:
# idle: 30 s

# What is used of them; each stream by its own pointing and good times.
select:
  energy: [0.3 TeV, 100 TeV]
  # region: icrs;circle(83.633,22.014,2)
  offset: [0 deg, 2.5 deg]
  # eventType: 3
  gti: false

# Phases, and with them a phasogram:
# timing: { par: pulsar.par, orbit: ft2.fits, ephem: analytic }

bands:
  - { name: low, energy: [0.3 TeV, 1 TeV] }
  - { name: high, energy: [1 TeV, 100 TeV] }

# Searches over all windows of time, in each band and cell.
detectors:
  - name: field
    # cells: { kind: whole }
    # cells: { kind: sources, sources: [{ name: Crab, ra: 83.633 deg, dec: 22.014 deg }], radius: 0.15 deg }
    # cells: { kind: healpix, nside: 64, radius: 1 deg }
    cells: { kind: field, step: 0.2 deg, radius: 0.15 deg, maxOffset: 2 deg }
    # background: { method: known, rate: 0.05 }    photons a live second and cell, of each band
    # background: { method: smoothed, window: 800 s, guard: 60 s }    follows a drift
    background: { method: running, window: 400 s, guard: 60 s }
    # False alarms that are put up with, over all cells and bands together:
    # NUMBER/year, month, week, day, night, hour.
    far: 1/month
    psf: 0.07 deg

late:
  # Events are sorted within so much; what comes later is added where it can be (update), counted
  # and left out (count), or ends the monitor (refuse).
  lateness: 0 s
  policy: count

# Where alerts go: each at least once, in order.
alerts:
  - { to: file, path: alerts.jsonl }
  # - { to: stdout, format: gcn }
  # - { to: webhook, url: "https://example.org/alerts", format: gcn, mission: SIM }

# States, each so long, or each so many batches (steps: 4096): a monitor
# that was killed goes on from there and gives the same alerts.
checkpoint: { folder: monitor-state, every: 30 s }

# What views show.
history: { bin: 5 s, bins: 3600, phaseBins: 32 }

# serve: 127.0.0.1:8080
# serve: { address: "0.0.0.0:8080", tokenFile: token.txt, hosts: [monitor.example.org] }
`;

/** What `gammarx monitor --simulate` looks at: a steady source, and one that flares. */
export const MONITOR_SIMULATION: string = `seed: 7
telescope: SIM
epoch: 2026-01-01T00:00:00
energyTrue: [0.1 TeV, 100 TeV]
eventTypes:
  - name: all
    bit: 0
    aeff: { area: 1.0e9 cm2, slope: 0.0, threshold: 0.3 TeV, offsetSigma: 2 deg }
    psf: { kind: gauss, sigma: 0.07 deg }
    edisp: { resolution: 0.12 }
    bkg: { rate: 12, index: 2.7, energy: [0.3 TeV, 100 TeV], sigma: 1.1 deg }
sources:
  - name: steady
    ra: 83.633 deg
    dec: 22.014 deg
    spectrum: { kind: pl, amplitude: 3.5e-11, index: 2.5 }
  - name: flaring
    ra: 84.2 deg
    dec: 22.7 deg
    spectrum: { kind: pl, amplitude: 2.0e-11, index: 2.2 }
    flare: { shape: box, onset: 900 s, duration: 30 s, amplitude: 20 }
observations:
  - obsId: 1
    pointing: { ra: 83.633 deg, dec: 22.514 deg }
    gti: [[0, 1800]]
    deadTime: 0.05
  - obsId: 2
    pointing: { ra: 83.633 deg, dec: 22.514 deg }
    gti: [[1830, 3630]]
    deadTime: 0.05
`;
